//! Bytes to text: which charset a page is in, and whether it is markup.
//!
//! In: bytes and the caller's hints. Out: text without a byte order mark, the charset's name, the media. It is a
//! stage of its own because labels lie: crawlers store pages as UTF-8 under their old `meta`, and servers send the
//! same header for every file. The bytes are asked first, labels second, statistics last. What cannot be read
//! becomes U+FFFD; nothing here fails. Character references (`&amp;`) are left to the parser.

mod detect;
mod label;
mod media;
mod mojibake;

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::buffers;
use crate::page::{Hints, Media};

/// Bytes of a page that are looked at where a few suffice.
const HEAD: usize = 4096;

/// One bad sequence in this many characters is an accident (a cut end, a stray byte), more is a wrong charset.
const CHARS_PER_ERROR: usize = 10;

/// The same for a charset that the page or its server names: related charsets read each other's bytes with few errors.
const CHARS_PER_LABEL_ERROR: usize = 50;

/// A page's text and how it was read.
pub(crate) struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub(crate) text: Cow<'a, str>,
    /// The WHATWG name of the charset.
    pub(crate) charset: &'static str,
    /// Whether it is markup.
    pub(crate) media: Media,
}

impl Decoded<'_> {
    /// Frees the text.
    pub(crate) fn release(self) {
        if let Cow::Owned(mut text) = self.text {
            buffers::empty_text(&mut text);
        }
    }
}

/// Reads a page's bytes as text. Never fails: what is not valid becomes U+FFFD.
pub(crate) fn decode<'a>(bytes: &'a [u8], hints: &Hints<'_>) -> Decoded<'a> {
    let (text, encoding) = read(bytes, hints);
    let media = hints.media.unwrap_or_else(|| media::of(&text));
    Decoded { text, charset: encoding.name(), media }
}

fn read<'a>(bytes: &'a [u8], hints: &Hints<'_>) -> (Cow<'a, str>, &'static Encoding) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[length..]);
        return (text, encoding);
    }
    if let Some(encoding) = utf_16_by_nuls(bytes) {
        return decode_as(bytes, encoding);
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return read_valid(text, hints),
        Err(error) => error,
    };
    // A page cut at a limit may end inside a character.
    if error.error_len().is_none() && error.valid_up_to() > 0 && has_wide(&bytes[..error.valid_up_to()]) {
        return (String::from_utf8_lossy(bytes), UTF_8);
    }
    if is_damaged_utf_8(bytes) {
        return (String::from_utf8_lossy(bytes), UTF_8);
    }
    read_legacy(bytes, hints)
}

/// The bytes are UTF-8 as they stand; ASCII that shifts into Japanese is valid too.
fn read_valid<'a>(text: &'a str, hints: &Hints<'_>) -> (Cow<'a, str>, &'static Encoding) {
    let bytes = text.as_bytes();
    let shifts = memchr::memchr_iter(b'\x1B', bytes).any(|at| bytes.get(at + 1) == Some(&b'$'));
    if shifts && text.is_ascii() {
        let labelled = labels(text.as_bytes(), hints).any(|encoding| encoding == ISO_2022_JP);
        let (decoded, failed) = ISO_2022_JP.decode_without_bom_handling(text.as_bytes());
        if labelled || !failed {
            return (decoded, ISO_2022_JP);
        }
    }
    match mojibake::repair(text) {
        Some(repaired) => (Cow::Owned(repaired), UTF_8),
        None => (Cow::Borrowed(text), UTF_8),
    }
}

/// The bytes are not UTF-8: the first label that fits them, or else whatever of the labels and the detector's guess
/// leaves the fewest errors.
fn read_legacy<'a>(bytes: &'a [u8], hints: &Hints<'_>) -> (Cow<'a, str>, &'static Encoding) {
    let mut best: Option<(usize, Cow<'a, str>, &'static Encoding)> = None;
    for encoding in labels(bytes, hints).filter(|encoding| is_plausible(bytes, encoding)) {
        let (text, errors) = decode_counting(bytes, encoding);
        if errors * CHARS_PER_LABEL_ERROR <= wide_chars(&text) {
            return (text, encoding);
        }
        if best.as_ref().is_none_or(|(fewest, ..)| errors < *fewest) {
            best = Some((errors, text, encoding));
        }
    }
    let guess = detect::detect(bytes, hints.url);
    let (text, mut errors) = decode_counting(bytes, guess);
    if guess.is_single_byte() {
        // Single bytes are never wrong, which is no merit.
        errors = errors.max(wide_chars(&text) / CHARS_PER_ERROR);
    }
    match best {
        Some((fewest, text, encoding)) if fewest <= errors => (text, encoding),
        _ => (text, guess),
    }
}

fn decode_counting<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, usize) {
    let (text, failed) = encoding.decode_without_bom_handling(bytes);
    let errors = if failed { text.matches('\u{FFFD}').count() } else { 0 };
    (text, errors)
}

fn wide_chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_ascii()).count()
}

/// The charsets that the header and the page name, in the order in which they are believed.
fn labels<'a>(bytes: &'a [u8], hints: &Hints<'a>) -> impl Iterator<Item = &'static Encoding> {
    let header = hints.charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let own = std::iter::once_with(|| label::of(&bytes[..bytes.len().min(HEAD)])).flatten();
    // What a header or a `meta` in readable ASCII calls UTF-16 cannot be it.
    let ascii_like = |encoding| if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding };
    header.into_iter().chain(own).map(ascii_like)
}

/// Whether a label may be right. UTF-8 has been tried already, and `ISO-8859-1` is what servers say who know nothing:
/// no language written in it has long runs of accented letters.
fn is_plausible(bytes: &[u8], encoding: &'static Encoding) -> bool {
    if encoding == UTF_8 || encoding == encoding_rs::REPLACEMENT {
        return false;
    }
    encoding != WINDOWS_1252 || !detect::has_long_runs(bytes)
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, &'static Encoding) {
    (encoding.decode_without_bom_handling(bytes).0, encoding)
}

/// UTF-16 without a byte order mark shows by the zero halves of its ASCII: spaces, line feeds, tags.
fn utf_16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD)];
    memchr::memchr(0, head)?;
    let nuls = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let (encoding, many, few) = if even > odd { (UTF_16BE, even, odd) } else { (UTF_16LE, odd, even) };
    // Binary junk has zeros at both; a page in Chinese still has an ASCII character in fifty, and few whose other
    // half is zero.
    let clear = many * 50 >= head.len() && few * 3 <= many && many >= 2;
    // Without Chinese and its like every other byte is zero; else a few zeros stand in plain text.
    let clear = clear && (!head.is_ascii() || many * 4 >= head.len());
    // The halves that are not zero must be text, in pairs that are characters.
    let (text, failed) = encoding.decode_without_bom_handling(&head[..head.len() & !3]);
    let junk = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    (clear && junk * 20 <= head.len() && (!failed || text.matches('\u{FFFD}').count() <= 1))
        .then_some(encoding)
}

fn has_wide(bytes: &[u8]) -> bool {
    !bytes.is_ascii()
}

/// Whether the bytes are UTF-8 with a few accidents: valid sequences of several bytes far outnumber the rest.
fn is_damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut wide, mut errors) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        // Continuation bytes are no characters of their own.
        wide += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        errors += usize::from(!chunk.invalid().is_empty());
    }
    errors * CHARS_PER_ERROR <= wide
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_JP, EUC_KR, GBK, SHIFT_JIS, WINDOWS_1251};

    use super::*;

    const ZH: &str =
        "<p>今年秋季开学，全市新建和扩建中小学五十六所，新增入学学位六万个，大班额比例逐年降低。</p>";

    fn text_of(bytes: &[u8], charset: Option<&str>) -> (String, &'static str) {
        let decoded = decode(bytes, &Hints { charset, ..Hints::default() });
        (decoded.text.into_owned(), decoded.charset)
    }

    fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        encoding.encode(text).0.into_owned()
    }

    #[test]
    fn valid_utf_8_is_borrowed_and_wins_over_labels() {
        let page = format!("<meta charset=gb2312>{ZH}");
        let decoded = decode(page.as_bytes(), &Hints { charset: Some("big5"), ..Hints::default() });
        assert!(matches!(decoded.text, Cow::Borrowed(text) if text == page));
        assert_eq!(decoded.charset, "UTF-8");
        assert_eq!(text_of(b"plain", Some("shift_jis")), ("plain".into(), "UTF-8"));
        assert_eq!(text_of(b"", None), (String::new(), "UTF-8"));
    }

    #[test]
    fn byte_order_marks_win() {
        assert_eq!(text_of(b"\xEF\xBB\xBFa\xFF", None), ("a\u{FFFD}".into(), "UTF-8"));
        assert_eq!(text_of(b"\xFF\xFEa\0", Some("gbk")), ("a".into(), "UTF-16LE"));
        assert_eq!(text_of(b"\xFE\xFF\0a", None), ("a".into(), "UTF-16BE"));
    }

    #[test]
    fn utf_16_without_a_mark() {
        let page = format!("<html><body>{ZH}");
        let little: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text_of(&little, Some("utf-8")), (page.clone(), "UTF-16LE"));
        assert_eq!(text_of(&big, None), (page, "UTF-16BE"));
    }

    #[test]
    fn a_stray_nul_or_binary_junk_is_not_utf_16() {
        assert_eq!(text_of(b"some text\0 and more of it", None).1, "UTF-8");
        assert_eq!(text_of(b"\0</table>&amp;\0", Some("utf-8")).1, "UTF-8");
        let junk: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let decoded = decode(&junk, &Hints::default());
        assert_eq!(decoded.media, Media::Text);
        assert!(!decoded.charset.starts_with("UTF-16"));
    }

    #[test]
    fn header_then_meta_then_detection() {
        assert_eq!(text_of(&encode(ZH, GBK), Some(" GB2312 ")), (ZH.into(), "GBK"));
        let russian =
            "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'><p>Новости дня";
        assert_eq!(text_of(&encode(russian, WINDOWS_1251), None), (russian.into(), "windows-1251"));
        assert_eq!(text_of(&encode(ZH, GBK), None).0, ZH);
        let traditional =
            "<p>今年秋季開學，全市新建和擴建中小學五十六所，新增入學學位六萬個，大班額比例逐年降低。";
        assert_eq!(text_of(&encode(traditional, BIG5), None), (traditional.into(), "Big5"));
        let japanese = "<p>日本の教育についての報告書です。新しい学校が建てられました。";
        assert_eq!(text_of(&encode(japanese, SHIFT_JIS), None), (japanese.into(), "Shift_JIS"));
        assert_eq!(text_of(&encode(japanese, EUC_JP), None), (japanese.into(), "EUC-JP"));
        let korean = "<p>올해 가을 학기에 새 학교가 문을 열었습니다. 학생들이 많이 왔습니다.";
        assert_eq!(text_of(&encode(korean, EUC_KR), None), (korean.into(), "EUC-KR"));
        assert_eq!(text_of(b"<p>Stra\xDFe und \xDCbung", None).0, "<p>Straße und Übung");
    }

    #[test]
    fn labels_that_do_not_fit_are_passed_over() {
        let japanese = "<meta charset=euc-kr><p>日本の教育についての報告書です。新しい学校が建てられました。";
        assert_eq!(text_of(&encode(japanese, SHIFT_JIS), None), (japanese.into(), "Shift_JIS"));
        // A server's default label, and a meta that speaks of UTF-16 in ASCII.
        assert_eq!(text_of(&encode(ZH, GBK), Some("iso-8859-1")).0, ZH);
        assert_eq!(text_of(b"<meta charset=utf-16><p>a", None).1, "UTF-8");
        assert_eq!(text_of(b"<p>caf\xE9", Some("no-such-charset")).0, "<p>café");
    }

    #[test]
    fn a_stray_byte_does_not_turn_chinese_into_french() {
        let text = format!("{ZH}\n").repeat(20);
        let mut bytes = encode(&text, GBK);
        bytes.insert(3, 0xFF);
        assert_eq!(text_of(&bytes, None), (text.replacen("<p>", "<p>\u{FFFD}", 1), "GBK"));
    }

    #[test]
    fn iso_2022_jp_is_ascii_that_shifts() {
        let japanese = "<p>日本語のページ</p>";
        assert_eq!(text_of(&encode(japanese, ISO_2022_JP), None), (japanese.into(), "ISO-2022-JP"));
        assert_eq!(text_of(b"cost: \x1B$ 5", None).1, "UTF-8");
    }

    #[test]
    fn accidents_do_not_change_the_charset() {
        let mut cut = ZH.as_bytes().to_vec();
        cut.truncate(8);
        assert_eq!(text_of(&cut, None), ("<p>今\u{FFFD}".into(), "UTF-8"));
        let mut stray = ZH.as_bytes().to_vec();
        stray.insert(3, 0xFF);
        assert_eq!(text_of(&stray, Some("gbk")).0, ZH.replace("<p>", "<p>\u{FFFD}"));
    }
}
