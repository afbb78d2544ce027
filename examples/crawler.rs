//! A crawler's cleaning stage: pages come through a bounded channel with what their responses said, rows of JSON go out.
//!
//!     cargo run --release --example crawler -- DIR...
//!
//! Fetching is left out: files stand in for responses. Pages without an article, and pages that are mostly spam, are named
//! with the reason instead of being written, so that nothing is lost silently.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::{fs, thread};

use dehusk::{Cleaner, Hints, Scratch};
use serde_json::json;

/// Pages that may wait to be cleaned: fetching stops when cleaning falls behind.
const WAITING: usize = 32;

/// More spam than this, as a share of body and spam together, and the page is not wanted.
const MAX_SPAM: f32 = 0.8;

/// What came back for an address.
struct Response {
    url: String,
    /// The charset of `Content-Type`, if it named one.
    charset: Option<String>,
    /// The body after its content encoding is undone.
    body: Vec<u8>,
}

/// What becomes of a page.
#[derive(Debug)]
enum Row {
    Article(serde_json::Value),
    Unwanted { url: String, reason: String },
}

fn main() -> io::Result<()> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut files = Vec::new();
    for folder in &folders {
        find(folder, &mut files)?;
    }
    let (responses, waiting) = sync_channel(WAITING);
    let (rows, done) = channel();
    let cleaning = clean_in_threads(waiting, &rows);
    drop(rows);
    let fetching = thread::spawn(move || {
        for file in files {
            let url = format!("https://example.org/{}", file.display());
            let Ok(body) = fs::read(&file) else { continue };
            if responses.send(Response { url, charset: None, body }).is_err() {
                break;
            }
        }
    });
    let mut out = io::stdout().lock();
    for row in done {
        match row {
            Row::Article(row) => writeln!(out, "{row}")?,
            Row::Unwanted { url, reason } => writeln!(io::stderr(), "{url}: {reason}")?,
        }
    }
    for thread in cleaning.into_iter().chain([fetching]) {
        thread.join().expect("cleaning does not panic");
    }
    Ok(())
}

/// Starts a thread a core; all share one cleaner, and each has buffers of its own.
fn clean_in_threads(waiting: Receiver<Response>, rows: &Sender<Row>) -> Vec<thread::JoinHandle<()>> {
    let cleaner = Arc::new(Cleaner::default());
    let waiting = Arc::new(Mutex::new(waiting));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let start = |_| {
        let (cleaner, waiting, rows) = (Arc::clone(&cleaner), Arc::clone(&waiting), rows.clone());
        thread::spawn(move || {
            let mut scratch = Scratch::default();
            loop {
                // The lock is held while one page is taken, not while it is cleaned.
                let Ok(response) = waiting.lock().expect("no thread panics").recv() else { return };
                if rows.send(row(&cleaner, &mut scratch, &response)).is_err() {
                    return;
                }
            }
        })
    };
    (0..threads).map(start).collect()
}

/// Cleans one page.
fn row(cleaner: &Cleaner, scratch: &mut Scratch, response: &Response) -> Row {
    let hints = Hints { url: Some(&response.url), charset: response.charset.as_deref(), ..Hints::default() };
    let page = cleaner.clean_with(scratch, &response.body, hints);
    let url = response.url.clone();
    if !page.is_article() {
        let reason = format!("no article (confidence {:.2})", page.confidence);
        return Row::Unwanted { url, reason };
    }
    if page.spam.score > MAX_SPAM {
        let kinds: Vec<&str> = page.spam.kinds.iter().map(|kind| kind.rule).collect();
        return Row::Unwanted { url, reason: format!("spam: {}", kinds.join(", ")) };
    }
    let metadata = &page.metadata;
    Row::Article(json!({
        "url": url,
        "title": metadata.title,
        "published": metadata.published,
        "language": metadata.language,
        "text": page.text(),
        "cuts": page.cut_counts(),
    }))
}

/// All pages below a folder, or the file itself.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("page.") {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| find(entry, files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_becomes_a_row_and_a_menu_does_not() {
        let article = "<title>Tides</title><nav><a href=/>Home</a></nav><article><h1>Tides</h1><p>The sea rises and falls \
            twice a day, drawn by the moon and, more weakly, by the sun.</p><p>Fishermen wrote it down in tables.</p></article>";
        let (responses, waiting) = sync_channel(WAITING);
        let (rows, done) = channel();
        let threads = clean_in_threads(waiting, &rows);
        drop(rows);
        for (name, body) in
            [("tides", article), ("menu", "<nav><a href=/>Home</a> <a href=/b>Boats</a></nav>")]
        {
            let url = format!("https://example.org/{name}");
            responses
                .send(Response { url, charset: None, body: body.as_bytes().to_vec() })
                .expect("they listen");
        }
        drop(responses);
        let rows: Vec<Row> = done.into_iter().collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert_eq!(rows.len(), 2);
        for row in rows {
            match row {
                Row::Article(row) => {
                    assert_eq!(row["title"], "Tides");
                    assert!(
                        row["text"]
                            .as_str()
                            .is_some_and(|text| text.contains("twice a day") && !text.contains("Home"))
                    );
                }
                Row::Unwanted { url, reason } => {
                    assert!(url.ends_with("menu") && reason.starts_with("no article"));
                }
            }
        }
    }
}
