//! Shapes of things that are written the same in all languages: numbers to call, accounts, dates.

use std::sync::LazyLock;

use regex::Regex;

/// The shapes, each compiled when it is first asked for: most pages ask for none.
#[derive(Debug)]
pub(crate) struct Patterns {
    /// A phone number: 7 to 15 digits in groups.
    pub(crate) phone: LazyLock<Regex>,
    /// An account or address: `name@host`, `@name`, letters with digits.
    pub(crate) account: LazyLock<Regex>,
    /// A date, with or without a time of day.
    pub(crate) date: LazyLock<Regex>,
    /// The words of a server or a site that has no such page.
    pub(crate) error_page: LazyLock<Regex>,
    /// A sign or word of copyright with a year.
    pub(crate) copyright: LazyLock<Regex>,
}

const PHONE: &str = r"[+(（]?\d(?:[ ().（）/－—–-]{0,2}\d){6,14}";

const ACCOUNT: &str = r"(?x)
    [A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+
    | @[A-Za-z][A-Za-z0-9_.]{3,}
    | (?:t\.me|wa\.me|line\.me)/[A-Za-z0-9_+~@/-]+
    | [A-Za-z][A-Za-z_-]*\d[A-Za-z0-9_-]{3,}";

const DATE: &str = r"(?xi)
    (?: \d{4} \s? [-/.年년] \s? \d{1,2} \s? [-/.月월] \s? \d{1,2} \s? [日号號일]?
    | \d{1,2} [-/.] \d{1,2} [-/.] (?:\d{4}|\d{2})
    | \d{1,2} (?:st|nd|rd|th|\.|º|er)? \s (?:de\s|of\s)? \p{L}{3,12} \.? ,? \s (?:de\s|del\s)? \d{4}
    | \p{L}{3,12} \.? \s \d{1,2} (?:st|nd|rd|th)? ,? \s \d{4} )
    (?: ,? \s? (?:T|at\s|um\s|à\s|a\slas\s|в\s|às\s)? \s? \d{1,2} [:：h시时時] \s? \d{2} (?: [:：分분] \s? \d{2} )? (?:分|秒|Z|\s?[ap]\.?m\.?)? )?";

/// Status codes only beside a word, so that a year or a price is none.
const ERROR_PAGE: &str = r"(?xi)
    ^\W*(?:error|fehler|erreur|erro|ошибка|错误|錯誤|エラー)?\W{0,3}(?:40[0134]|410|451|50[0234])\W*(?:error|fehler|not\s|forbidden|unauthori|bad\s|gone|internal|service|gateway|$)
    | \b(?:page|site|file|article|document|url)\b.{0,30}\b(?:not\s(?:be\s)?found|no\slonger\s(?:exists?|available)|does\s?n[o'’]t\sexist|cannot\sbe\sfound)
    | \b(?:not\sfound|access\sdenied|forbidden|internal\sserver\serror|bad\sgateway|service\sunavailable)\W*$
    | seite\s(?:wurde\s)?nicht\sgefunden | page\s(?:introuvable|non\strouvée) | página\sno\s(?:encontrada|existe)
    | página\snão\sencontrada | pagina\s(?:non\strovata|niet\sgevonden) | страниц\w*\sне\s(?:найдена|существует)
    | (?:页面|頁面|网页|網頁|文章).{0,6}(?:不存在|找不到|已删除|已刪除|未找到) | ページが見つかりません | 페이지를\s찾을\s수\s없";

const COPYRIGHT: &str = r"(?i)(?:©|&copy;|\(c\)|copyright\b)\s*(?:\p{L}+\s+){0,4}(?:19|20)\d\d|(?:19|20)\d\d\s*(?:©|\(c\)\s)|©\s*\p{L}";

impl Patterns {
    pub(super) fn new() -> Self {
        fn compile(pattern: &str) -> Regex {
            Regex::new(pattern).expect("the patterns above are valid")
        }
        Self {
            phone: LazyLock::new(|| compile(PHONE)),
            account: LazyLock::new(|| compile(ACCOUNT)),
            date: LazyLock::new(|| compile(DATE)),
            copyright: LazyLock::new(|| compile(COPYRIGHT)),
            error_page: LazyLock::new(|| compile(ERROR_PAGE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_notations() {
        let patterns = Patterns::new();
        let whole = |text: &str| patterns.date.find(text).map(|m| m.as_str()) == Some(text);
        for text in [
            "2023-09-30 08:22:02",
            "2023年9月30日",
            "3.10.2021",
            "12 March 2020",
            "March 12, 2020 at 10:30 am",
            "3. Oktober 2021",
            "5 de mayo de 2019",
        ] {
            assert!(whole(text), "{text}: {:?}", patterns.date.find(text));
        }
        assert!(!patterns.date.is_match("1.2.3 released"));
    }

    #[test]
    fn numbers_and_accounts() {
        let patterns = Patterns::new();
        for text in ["020 7946 0018", "+44 (0)20-7946-0018", "0755-8882 8155"] {
            assert_eq!(patterns.phone.find(text).map(|m| m.as_str()), Some(text));
        }
        assert!(!patterns.phone.is_match("in 2020 and 2021"));
        assert!(patterns.account.is_match("mail@example.org") && patterns.account.is_match("vx_8812ab"));
        assert!(!patterns.account.is_match("covid-19 Q3"));
    }

    #[test]
    fn copyright_with_a_year() {
        let patterns = Patterns::new();
        assert!(patterns.copyright.is_match("Copyright © 2020 Example"));
        assert!(!patterns.copyright.is_match("copyright law of the sea"));
    }
}
