//! FNV-1a: a hash that is the same on every machine, for what a page's result may depend on.
//!
//! It does not withstand texts made to collide. A table that a page fills is sorted by it, not looked up, so that
//! they cost no time.

/// Where a hash starts.
pub(crate) const SEED: u64 = 0xCBF2_9CE4_8422_2325;

/// Where a hash of 32 bits starts.
pub(crate) const SEED_32: u32 = 0x811C_9DC5;

/// One unit more: a byte, or a character.
pub(crate) const fn step(hash: u64, unit: u32) -> u64 {
    (hash ^ unit as u64).wrapping_mul(0x0100_0000_01B3)
}

/// One unit more, in 32 bits.
pub(crate) const fn step_32(hash: u32, unit: u32) -> u32 {
    (hash ^ unit).wrapping_mul(0x0100_0193)
}

/// The hash of bytes.
pub(crate) fn of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(SEED, |hash, &byte| step(hash, byte.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(of(b""), SEED);
        assert_eq!(of(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(step_32(SEED_32, u32::from(b'a')), 0xE40C_292C);
    }
}
