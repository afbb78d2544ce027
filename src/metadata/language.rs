//! The language of the text: what the page declares, checked against what is written.
//!
//! Templates declare English whatever the text is in, so that a text that is clearly something else wins. Scripts
//! decide where they can (kana, Hangul, Han), trigrams where they cannot.

use whatlang::{Lang, Script};

use crate::lexicon::is_english;
use crate::page::{Page, Verdict};

use super::Found;
use super::collect::Collected;

/// Bytes of text that are looked at.
const SAMPLE: usize = 4096;

/// Letters that trigrams need to be sure.
const MIN_LETTERS: usize = 120;

/// Chooses the language.
pub(super) fn choose(page: &Page, verdicts: &[Verdict], collected: &Collected<'_>) -> Option<Found> {
    let declared = code(collected.language_tag());
    let sample = sample(page, verdicts);
    // Most pages say that they are English and are: to tell that is much less work than to tell all languages apart.
    if declared.as_deref() == Some("en") && is_english(&sample) {
        return Some(Found { value: "en".to_owned(), origin: "declared language" });
    }
    let found = |value: &str, origin| Some(Found { value: value.to_owned(), origin });
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let Some(written) = written(&sample, letters) else {
        return declared.and_then(|code| found(&code, "declared language"));
    };
    match declared {
        Some(code) if code == written.code || !written.certain => found(&code, "declared language"),
        _ => found(written.code, "words of the text"),
    }
}

/// The beginning of the kept text, or of all text when little is kept.
fn sample(page: &Page, verdicts: &[Verdict]) -> String {
    let take = |kept_only: bool| {
        let mut sample = String::with_capacity(2 * SAMPLE);
        for (block, verdict) in page.blocks.iter().zip(verdicts) {
            if sample.len() >= SAMPLE {
                break;
            }
            if !block.hidden && (verdict.keep || !kept_only) {
                let text = page.text_of(block);
                sample.push_str(clip(text));
                sample.push('\n');
            }
        }
        sample
    };
    let kept = take(true);
    if kept.len() >= MIN_LETTERS { kept } else { take(false) }
}

/// The beginning of a text, cut between characters.
fn clip(text: &str) -> &str {
    let end = (0..=text.len().min(SAMPLE)).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

/// What the text is written in.
struct Written {
    code: &'static str,
    /// It overrules what the page declares.
    certain: bool,
}

fn written(sample: &str, letters: usize) -> Option<Written> {
    if letters == 0 {
        return None;
    }
    let share = |is: fn(char) -> bool| sample.chars().filter(|c| is(*c)).count() as f32 / letters as f32;
    let han = share(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let kana = share(|c| ('\u{3041}'..='\u{30FF}').contains(&c) && c != '・');
    let hangul = share(|c| ('\u{AC00}'..='\u{D7AF}').contains(&c));
    // A CJK character says as much as two or three letters.
    let script = [("ko", hangul > 0.2), ("ja", kana > 0.1 && han + kana > 0.25), ("zh", han > 0.25)];
    if let Some((code, _)) = script.into_iter().find(|(_, is)| *is) {
        return Some(Written { code, certain: letters >= MIN_LETTERS / 6 });
    }
    let info = whatlang::detect(sample)?;
    let code = iso_639_1(info.lang())?;
    let own_script =
        !matches!(info.script(), Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari);
    let certain = letters >= MIN_LETTERS && (own_script || info.is_reliable() && info.confidence() > 0.9);
    (certain || letters >= MIN_LETTERS / 4).then_some(Written { code, certain })
}

/// The language of a tag like `pt-BR`, where it is a code of two letters.
fn code(tag: &str) -> Option<String> {
    let language = tag.trim().split(['-', '_', ',', ' ', ';']).next()?.to_ascii_lowercase();
    match language.as_str() {
        "cn" => Some("zh".to_owned()),
        "jp" => Some("ja".to_owned()),
        "kr" => Some("ko".to_owned()),
        "english" => Some("en".to_owned()),
        _ => (language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase())).then_some(language),
    }
}

/// The codes of ISO 639-3 that the detector knows, with those of two letters.
const CODES: &[(&str, &str)] = &[
    ("epo", "eo"),
    ("eng", "en"),
    ("rus", "ru"),
    ("cmn", "zh"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("ben", "bn"),
    ("fra", "fr"),
    ("deu", "de"),
    ("ukr", "uk"),
    ("kat", "ka"),
    ("ara", "ar"),
    ("hin", "hi"),
    ("jpn", "ja"),
    ("heb", "he"),
    ("yid", "yi"),
    ("pol", "pl"),
    ("amh", "am"),
    ("jav", "jv"),
    ("kor", "ko"),
    ("nob", "no"),
    ("dan", "da"),
    ("swe", "sv"),
    ("fin", "fi"),
    ("tur", "tr"),
    ("nld", "nl"),
    ("hun", "hu"),
    ("ces", "cs"),
    ("ell", "el"),
    ("bul", "bg"),
    ("bel", "be"),
    ("mar", "mr"),
    ("kan", "kn"),
    ("ron", "ro"),
    ("slv", "sl"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("mkd", "mk"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("tam", "ta"),
    ("vie", "vi"),
    ("urd", "ur"),
    ("tha", "th"),
    ("guj", "gu"),
    ("uzb", "uz"),
    ("pan", "pa"),
    ("aze", "az"),
    ("ind", "id"),
    ("tel", "te"),
    ("pes", "fa"),
    ("mal", "ml"),
    ("ori", "or"),
    ("mya", "my"),
    ("nep", "ne"),
    ("sin", "si"),
    ("khm", "km"),
    ("tuk", "tk"),
    ("aka", "ak"),
    ("zul", "zu"),
    ("sna", "sn"),
    ("afr", "af"),
    ("lat", "la"),
    ("slk", "sk"),
    ("cat", "ca"),
    ("tgl", "tl"),
    ("hye", "hy"),
    ("cym", "cy"),
];

/// The code of two letters for a language.
fn iso_639_1(lang: Lang) -> Option<&'static str> {
    CODES.iter().find(|(three, _)| *three == lang.code()).map(|(_, two)| *two)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(&'static str, bool)> {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        written(text, letters).map(|written| (written.code, written.certain))
    }

    #[test]
    fn every_language_that_is_detected_has_a_code() {
        for lang in Lang::all() {
            assert!(iso_639_1(*lang).is_some(), "{lang}");
        }
    }

    #[test]
    fn scripts_decide() {
        assert_eq!(
            of("今年秋季开学，全市新建和扩建中小学五十六所，新增入学学位六万个。"),
            Some(("zh", true))
        );
        assert_eq!(of("新しい学校が建てられました。日本の教育についての報告書です。"), Some(("ja", true)));
        assert_eq!(
            of("올해 가을 학기에 새 학교가 문을 열었습니다. 학생들이 많이 왔습니다."),
            Some(("ko", true))
        );
        assert_eq!(of("123 456"), None);
        assert!(!of("Short note").is_some_and(|(_, certain)| certain));
    }

    #[test]
    fn tags() {
        assert_eq!(code("pt-BR").as_deref(), Some("pt"));
        assert_eq!(code("zh_CN").as_deref(), Some("zh"));
        assert_eq!(code("x-default"), None);
        assert_eq!(code(""), None);
    }
}
