//! UTF-8 encoded twice: text whose UTF-8 bytes somebody took for windows-1252 or Latin-1 and stored as UTF-8 again,
//! so that a reader sees `donâ€™t`.
//!
//! Two proofs are accepted. A page of which (nearly) every character beyond ASCII is part of such a sequence is
//! repaired as a whole. On any other page only sequences of three or four characters with a control character in
//! them are: nobody types U+0080 to U+009F. So a page that talks about the accident, in which good characters stand
//! beside `â€™`, keeps its examples, and so do `Spaß ` and `Ã` in languages that write them.

use memchr::memchr_iter;

/// Good characters in this many broken ones do not make a page good: the odd one is added by a template.
const BROKEN_PER_GOOD: usize = 20;

/// Sequences without control characters that make a proof when nothing contradicts.
const MIN_BROKEN: usize = 3;

/// The first byte of the letters that begin a broken sequence, U+00C2 to U+00F4.
const LEAD: u8 = 0xC3;

/// The repaired text, if there is something to repair.
pub(super) fn repair(text: &str) -> Option<String> {
    if !is_suspect(text.as_bytes()) {
        return None;
    }
    let found = census(text);
    let all = found.broken > 0
        && found.good * BROKEN_PER_GOOD <= found.broken
        && (found.certain > 0 || found.broken >= MIN_BROKEN && found.joined * 2 >= found.broken);
    (all || found.proven > 0).then(|| rewrite(text, all))
}

/// Whether one of the letters that begin a broken sequence, U+00C2 to U+00F4, stands before another character beyond
/// ASCII. This is all that most pages are asked.
fn is_suspect(bytes: &[u8]) -> bool {
    memchr_iter(LEAD, bytes).any(|at| may_break(bytes, at))
}

/// Whether a broken sequence may begin at a byte that is [`LEAD`].
fn may_break(bytes: &[u8], at: usize) -> bool {
    let next = |n| bytes.get(at + n).copied().unwrap_or_default();
    (0x82..=0xB4).contains(&next(1)) && next(2) >= 0xC2
}

/// What a page has beyond ASCII.
#[derive(Default)]
struct Census {
    /// Broken sequences, of any kind.
    broken: usize,
    /// Those with a control character.
    certain: usize,
    /// Those of them with three or four characters.
    proven: usize,
    /// Those that touch a letter or another one, as in a word.
    joined: usize,
    /// Other characters.
    good: usize,
}

fn census(text: &str) -> Census {
    let mut census = Census::default();
    let bytes = text.as_bytes();
    let good = |bytes: &[u8]| bytes.iter().filter(|byte| **byte >= 0xC2).count();
    // The last broken sequence: where it ends and what it stands for.
    let (mut end, mut last) = (0, ' ');
    for at in memchr_iter(LEAD, bytes).filter(|&at| may_break(bytes, at)) {
        let Some(broken) = (if at < end { None } else { Broken::at_start(&text[at..]) }) else { continue };
        let before = if at == end { last } else { text[..at].chars().next_back().unwrap_or(' ') };
        census.good += good(&bytes[end..at]);
        (end, last) = (at + broken.length, broken.character);
        let after = text[end..].chars().next().unwrap_or(' ');
        let in_word = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
        census.broken += 1;
        census.certain += usize::from(broken.certain);
        census.proven += usize::from(broken.proven());
        census.joined += usize::from(in_word(before) || in_word(after));
    }
    census.good += good(&bytes[end..]);
    census
}

fn rewrite(text: &str, all: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for at in memchr_iter(LEAD, bytes).filter(|&at| may_break(bytes, at)) {
        let broken = if at < end { None } else { Broken::at_start(&text[at..]) };
        if let Some(broken) = broken.filter(|broken| all || broken.proven()) {
            out.push_str(&text[end..at]);
            out.push(broken.character);
            end = at + broken.length;
        }
    }
    out.push_str(&text[end..]);
    out
}

/// A character that was encoded twice.
struct Broken {
    character: char,
    /// Bytes that it takes up in the text.
    length: usize,
    /// It has a control character, which windows-1252 and Latin-1 leave as it is and no text contains.
    certain: bool,
    /// Characters that it takes up.
    width: usize,
}

impl Broken {
    fn proven(&self) -> bool {
        self.certain && self.width >= 3
    }

    /// The one that the text begins with.
    fn at_start(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let lead = chars.next()?;
        let width = match lead {
            '\u{C2}'..='\u{DF}' => 2,
            '\u{E0}'..='\u{EF}' => 3,
            '\u{F0}'..='\u{F4}' => 4,
            _ => return None,
        };
        let mut bytes = [lead as u8, 0, 0, 0];
        let mut certain = false;
        let mut length = lead.len_utf8();
        for byte in &mut bytes[1..width] {
            let c = chars.next()?;
            *byte = to_byte(c)?;
            certain |= matches!(c, '\u{80}'..='\u{9F}');
            length += c.len_utf8();
        }
        let character = std::str::from_utf8(&bytes[..width]).ok()?.chars().next()?;
        Some(Self { character, length, certain, width })
    }
}

/// The byte 0x80 to 0xBF that windows-1252 or Latin-1 shows as this character.
fn to_byte(c: char) -> Option<u8> {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match c {
        '\u{80}'..='\u{BF}' => Some(c as u8),
        _ => WINDOWS.iter().position(|&shown| shown == c).map(|at| 0x80 + at as u8),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    fn twice(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    fn latin_1(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[test]
    fn whole_pages_are_repaired() {
        for text in ["Don’t “stop” — the café’s open", "武汉市人民政府", "Привет, мир", "naïve 😀 ☺️"]
        {
            assert_eq!(repair(&twice(text)).as_deref(), Some(text), "windows-1252");
            assert_eq!(repair(&latin_1(text)).as_deref(), Some(text), "latin-1");
        }
    }

    #[test]
    fn right_text_is_left_alone() {
        for text in [
            "Ein Spaß für groß und klein: „Straße“ – schön",
            "São Paulo não é lá; AÇÃO E REAÇÃO — “Ã”",
            "L’été à Noël, où ça?",
            "NAÏVE ÉTÉ À…",
            "武汉市人民政府 İstanbul Ðà Nẵng",
            "plain ASCII",
            "",
        ] {
            assert_eq!(repair(text), None, "{text}");
        }
    }

    #[test]
    fn a_page_about_the_accident_keeps_its_examples() {
        assert_eq!(repair("You see Ã© where é was meant, and â€™ where ’ was. A table: Ã¼ ü, Ã¤ ä."), None);
        assert_eq!(repair("You may see â€™ or â€œ or Ã© in your mail."), None);
    }

    #[test]
    fn proven_sequences_are_repaired_on_any_page() {
        let mixed = format!("Für alle: {} – schön", latin_1("it’s"));
        assert_eq!(repair(&mixed).as_deref(), Some("Für alle: it’s – schön"));
        // A sharp s before a quote that somebody left as a control character is no proof.
        assert_eq!(repair("Spaß\u{92} für alle, schön"), None);
    }
}
