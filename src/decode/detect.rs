//! The charset that bytes look like, when nothing names one that fits.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// Bytes shown to the detector, which is a thousand times slower than the rest of the stage.
const SAMPLE: usize = 64 << 10;

/// Bytes of a word that are shown before and after one that is not ASCII.
const CONTEXT: usize = 12;

/// The most parts of the sample that are judged alone, and the bytes of one: fewer tell nothing, more cost time.
const PARTS: usize = 15;
const SMALLEST_PART: usize = 64;
const LARGEST_PART: usize = 512;

/// Guesses the charset of bytes that are not UTF-8. The address helps: its country tells languages apart.
///
/// The detector drops a charset at the first sequence that is wrong in it, so that one stray byte would turn Chinese
/// into French. Where the guess does not fit the look of the bytes, parts of them are asked and a third of them suffices.
pub(super) fn detect(bytes: &[u8], url: Option<&str>) -> &'static Encoding {
    let sample = sample(bytes);
    let tld = url.and_then(top_level_domain);
    let whole = guess(&sample, tld.as_deref());
    let fits =
        !has_long_runs(&sample) || !whole.is_single_byte() && !whole.decode_without_bom_handling(&sample).1;
    if fits { whole } else { vote(&sample, tld.as_deref()).unwrap_or(whole) }
}

/// Whether characters beyond ASCII stand side by side, as in no language of the Latin script.
pub(super) fn has_long_runs(bytes: &[u8]) -> bool {
    let runs = bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    let (count, length) = runs.fold((0, 0), |(count, length), run| (count + 1, length + run.len()));
    length >= 2 * count
}

fn guess(sample: &[u8], tld: Option<&[u8]>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(tld, Utf8Detection::Deny)
}

/// The charset of several bytes a character in which more than a third of the sample's parts seem to be.
fn vote(sample: &[u8], tld: Option<&[u8]>) -> Option<&'static Encoding> {
    let step = (sample.len() / PARTS).max(SMALLEST_PART);
    let size = step.min(LARGEST_PART);
    let guesses: Vec<_> = (0..sample.len())
        .step_by(step)
        .filter_map(|at| {
            // Parts begin and end between words.
            let start = at + sample[at..].iter().position(|&byte| byte == b' ')? + 1;
            let end = sample.len().min(start + size);
            let end =
                start + sample[start..end].iter().rposition(|&byte| byte == b' ').unwrap_or(end - start);
            (start < end).then(|| guess(&sample[start..end], tld))
        })
        .collect();
    let votes = |encoding: &&Encoding| guesses.iter().filter(|guess| *guess == encoding).count();
    let first = guesses.iter().copied().filter(|encoding| !encoding.is_single_byte()).max_by_key(votes)?;
    (votes(&first) * 3 > guesses.len()).then_some(first)
}

/// The words of a page that are not ASCII, parted by spaces: markup, scripts and English tell nothing.
///
/// Words end at bytes below `0`, at `<` and at `>`: no multi-byte charset uses these inside a character.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let ends = |byte: &u8| *byte < b'0' || matches!(byte, b'<' | b'>');
    let mut sample = Vec::new();
    for word in bytes.split(ends) {
        let Some(first) = word.iter().position(|byte| !byte.is_ascii()) else { continue };
        let last = word.iter().rposition(|byte| !byte.is_ascii()).unwrap_or(first);
        let end = word.len().min(last + 1 + CONTEXT);
        sample.extend_from_slice(&word[first.saturating_sub(CONTEXT)..end]);
        sample.push(b' ');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    sample
}

/// The last label of the host's name, in lower case and ASCII.
fn top_level_domain(url: &str) -> Option<Vec<u8>> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let label = host.trim_end_matches('.').rsplit('.').next()?;
    let good = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (good && host.contains('.')).then(|| label.to_ascii_lowercase().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_are_not_ascii_are_shown() {
        assert_eq!(sample(b"<p class=x>plain na\xEFve text caf\xE9.</p>"), b"na\xEFve caf\xE9 ");
        assert!(sample(&vec![0xE9; 1 << 20]).len() > SAMPLE);
        assert!(sample(b"\xE9 ".repeat(1 << 20).as_slice()).len() < SAMPLE + 3);
    }

    #[test]
    fn domains() {
        let tld = |url| top_level_domain(url).map(|tld| String::from_utf8_lossy(&tld).into_owned());
        assert_eq!(tld("https://news.example.CN:80/a.html").as_deref(), Some("cn"));
        assert_eq!(tld("example.jp").as_deref(), Some("jp"));
        assert_eq!(tld("file:///etc/hosts"), None);
        assert_eq!(tld("http://пример.рф/"), None);
    }
}
