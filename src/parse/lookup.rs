//! From a name to its place in a list: a hash table laid out when the program is compiled.
//!
//! A page asks this once for every tag and attribute. Comparing with a hundred names one after another would cost
//! as much as building the tree.

const SLOTS: usize = 512;
const FREE: u8 = u8::MAX;

/// A list of lower-case ASCII names and where to find each.
#[derive(Debug)]
pub(super) struct Lookup<const N: usize> {
    names: [&'static str; N],
    slots: [u8; SLOTS],
}

impl<const N: usize> Lookup<N> {
    pub(super) const fn new(names: [&'static str; N]) -> Self {
        assert!(N < FREE as usize && N * 2 < SLOTS, "the table must stay half empty");
        let mut slots = [FREE; SLOTS];
        let mut index = 0;
        while index < N {
            let mut slot = slot_of(names[index].as_bytes());
            while slots[slot] != FREE {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = index as u8;
            index += 1;
        }
        Self { names, slots }
    }

    /// The place of a name in the list; upper case counts as lower case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let mut slot = slot_of(name.as_bytes());
        loop {
            let index = self.slots[slot];
            if index == FREE {
                return None;
            }
            let known = self.names[index as usize];
            // Nearly all names are in lower case.
            if known == name || known.eq_ignore_ascii_case(name) {
                return Some(index as usize);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// Where a name is looked for first: length, first, middle and last letter tell nearly all names apart.
const fn slot_of(name: &[u8]) -> usize {
    let last = name.len() - 1;
    let letters = u32::from_le_bytes([name[0], name[name.len() / 2], name[last], name.len() as u8]);
    ((letters | 0x0020_2020).wrapping_mul(0x9E37_79B1) >> 23) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_in_any_case_and_nothing_else() {
        let names = Lookup::new(["a", "h1", "h2", "http-equiv"]);
        assert_eq!(names.find("a"), Some(0));
        assert_eq!(names.find("H2"), Some(2));
        assert_eq!(names.find("HTTP-equiv"), Some(3));
        assert_eq!(names.find("h3"), None);
        assert_eq!(names.find(""), None);
    }
}
