//! Tests of the whole parser. Two of them want data that is not part of the project, and say so when it is not
//! there: `DEHUSK_HTML5LIB_TESTS` names the `tokenizer` directory of html5lib-tests, `DEHUSK_PAGES` a directory of
//! pages.

mod differential;
mod hostile;
mod html5lib;
mod trees;

use super::*;

fn outline(html: &str) -> String {
    parse(html, &Limits::default()).outline()
}
