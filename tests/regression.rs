//! One test for each bug that was fixed, named after what went wrong, on the smallest input that showed it.
//!
//! A test comes here when a page panicked, hung, or lost what it should not lose, and no unit test beside the code
//! or page under `samples/` shows the fault as well. It is written before the fix and must fail without it. Tests
//! are never changed to fit new behaviour: either the bug is back, or the test was wrong and goes, with the reason.

use dehusk::{Cleaner, Hints};

#[test]
fn an_address_with_eight_bytes_that_are_no_digits_is_no_date() {
    for url in ["https://example.org/ａ日é", "https://example.org/abc日é/x", "/\u{a1}\u{a1}\u{a1}\u{a1}"]
    {
        let hints = Hints { url: Some(url), ..Hints::default() };
        assert_eq!(Cleaner::default().clean(b"<p>No date.", hints).metadata.published, None, "{url}");
    }
}
