//! Whom a text speaks to and for whom it speaks: pronouns of the first and the second person.

use crate::blocks::chars;

/// Words that address a reader, and those that one begs with.
const READER: Words = Words::new(&[
    "please",
    "bitte",
    "veuillez",
    "merci",
    "пожалуйста",
    "lütfen",
    "proszę",
    "alstublieft",
    "you",
    "your",
    "yours",
    "Ihnen",
    "Ihre",
    "Ihrem",
    "Ihren",
    "Ihr",
    "dich",
    "dir",
    "dein",
    "deine",
    "vous",
    "votre",
    "vos",
    "usted",
    "ustedes",
    "você",
    "vocês",
    "вы",
    "вас",
    "вам",
    "ваш",
    "ваша",
    "ваше",
    "вашу",
    "ваши",
    "вашем",
    "twój",
    "twoje",
    "twoim",
    "ciebie",
    "siz",
    "sizi",
    "size",
    "sizin",
    "voi",
    "vostro",
    "tuo",
    "tua",
    "vám",
    "uw",
    "jouw",
    "jeres",
    "dere",
    "teidän",
    "önnek",
    "dumneavoastră",
    "σας",
    "вами",
    "вашої",
    "bạn",
    "anda",
    "आप",
    "आपके",
    "شما",
    "לכם",
    "لك",
    "لكم",
]);
/// The same in scripts without blanks.
const READER_CJK: &[&str] =
    &["您", "你", "请", "請", "あなた", "ください", "下さい", "여러분", "주세요", "하세요", "십시오"];
/// Words of those who speak for several.
const SPEAKER: Words = Words::new(&[
    "we",
    "our",
    "ours",
    "us",
    "wir",
    "uns",
    "unser",
    "unsere",
    "unserem",
    "unserer",
    "nous",
    "notre",
    "nos",
    "nosotros",
    "nuestro",
    "nuestra",
    "nuestros",
    "nuestras",
    "nós",
    "nosso",
    "nossa",
    "мы",
    "нас",
    "нам",
    "наш",
    "наша",
    "наши",
    "нашем",
    "нашей",
    "nas",
    "nasz",
    "nasza",
    "nasze",
    "biz",
    "bize",
    "bizi",
    "bizim",
    "noi",
    "nostro",
    "nostra",
    "nám",
    "wij",
    "onze",
    "våra",
    "våre",
    "vores",
    "meidän",
    "nostru",
    "noastre",
    "μας",
    "ми",
    "нашої",
    "chúng",
    "kami",
    "हम",
    "हमारे",
    "שלנו",
    "نحن",
    "موقعنا",
]);
/// The same in scripts without blanks, with the names that sites have for themselves.
const SPEAKER_CJK: &[&str] = &[
    "我们",
    "我們",
    "本站",
    "本网",
    "本網",
    "小编",
    "小編",
    "当サイト",
    "当社",
    "弊社",
    "저희",
    "당사",
    "본지",
];

/// Words of those who speak for themselves.
const SELF: Words = Words::new(&[
    "I", "my", "me", "myself", "ich", "mein", "meine", "mich", "mir", "je", "mon", "yo", "mi", "eu", "я",
    "мне", "мой", "ja",
]);
/// The same in scripts without blanks.
const SELF_CJK: &[&str] = &["我的", "我是", "我在", "我想", "我也", "私は", "私の", "나는", "저는"];

/// Whether a text addresses a reader.
pub(crate) fn addresses_reader(text: &str) -> bool {
    has_any(text, &READER, READER_CJK)
}

/// Whether a text speaks for several.
pub(crate) fn speaks_for_several(text: &str) -> bool {
    has_any(text, &SPEAKER, SPEAKER_CJK)
}

/// Whether a text speaks for one person.
pub(crate) fn speaks_for_oneself(text: &str) -> bool {
    has_any(text, &SELF, SELF_CJK)
}

fn has_any(text: &str, words: &Words, cjk: &[&str]) -> bool {
    chars::words(text).any(|word| words.has(word))
        || !text.is_ascii() && cjk.iter().any(|known| text.contains(known))
}

/// Some words, and what tells nearly all others from them at once.
struct Words {
    all: &'static [&'static str],
    /// The set of their [`key`]s.
    keys: u128,
}

impl Words {
    const fn new(all: &'static [&'static str]) -> Self {
        let (mut keys, mut at) = (0, 0);
        while at < all.len() {
            keys |= 1 << key(all[at]);
            at += 1;
        }
        Self { all, keys }
    }

    fn has(&self, word: &str) -> bool {
        self.keys >> key(word) & 1 == 1 && self.all.iter().any(|known| is_same(word, known))
    }
}

/// A number of a word that a capital at its beginning leaves as it is.
const fn key(word: &str) -> u32 {
    let bytes = word.as_bytes();
    match bytes {
        [_] => 1,
        [_, _] if !word.is_ascii() => 2,
        [.., last] => (bytes.len() as u32 * 37 + *last as u32) % 128,
        [] => 0,
    }
}

/// Whether two words are the same but for a capital that begins the first: `We` is a word, `US` is a country, and
/// `Ihr` is not `ihr`.
fn is_same(word: &str, known: &str) -> bool {
    // No letter here has more bytes as a capital.
    if word.len() != known.len() {
        return false;
    }
    let (mut letters, mut wanted) = (word.chars(), known.chars());
    let (first, second) = (letters.next(), wanted.next());
    let begins = first == second || first.is_some_and(|c| c.to_lowercase().eq(second));
    begins && letters.eq(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_in_several_scripts() {
        assert!(addresses_reader("Is this yours?") && addresses_reader("有问题请您留言"));
        assert!(speaks_for_several("We agree") && speaks_for_several("Напишите нам"));
        assert!(speaks_for_oneself("So I did") && speaks_for_oneself("我想问一下"));
    }

    #[test]
    fn every_word_is_found_with_a_capital_too() {
        for words in [READER, SPEAKER, SELF] {
            for word in words.all {
                let mut letters = word.chars();
                let capital = letters.next().into_iter().flat_map(char::to_uppercase);
                let capital: String = capital.chain(letters).collect();
                assert!(words.has(word) && (words.has(&capital) || capital.len() != word.len()), "{word}");
            }
        }
        assert!(!READER.has(""));
    }

    #[test]
    fn countries_and_third_persons_are_neither() {
        assert!(!speaks_for_several("The US and the YOUTH of Wessex"));
        assert!(!addresses_reader("Sie gab ihr das Buch"));
    }
}
