//! A real browser for tests: Chromium without a window, spoken to through two named pipes in its own protocol.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Chromium as `CHROMIUM` names it, or as it is found in the path.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    found.into_iter().find(|file| file.is_file())
}

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    commands: File,
    replies: BufReader<File>,
    session: Option<String>,
    sent: u64,
    /// What the page complained of since it was opened: messages on the console, exceptions, violations of its policy.
    pub(crate) complaints: Vec<String>,
    /// The addresses that were asked for since then.
    pub(crate) requests: Vec<String>,
    _home: TempDir,
}

impl Browser {
    pub(crate) fn start(chromium: &Path) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let pipe = |name: &str| {
            let path = home.path().join(name);
            assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
            path
        };
        let (to, from) = (pipe("to"), pipe("from"));
        let child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<\"$0/to\" 4>\"$0/from\""])
            .arg(home.path())
            .arg(chromium)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
            ])
            .args(["--disable-background-networking", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let commands = fs::OpenOptions::new().write(true).open(to).expect("a pipe");
        let replies = BufReader::new(File::open(from).expect("a pipe"));
        let mut browser = Self {
            child,
            commands,
            replies,
            session: None,
            sent: 0,
            complaints: Vec::new(),
            requests: Vec::new(),
            _home: home,
        };
        let target = browser.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let attached =
            browser.ask("Target.attachToTarget", &json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Sends a command and waits for its reply.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.commands.write_all(format!("{message}\0").as_bytes()).expect("the browser listens");
        loop {
            let reply = self.next();
            if reply["id"] == json!(self.sent) {
                assert!(reply["error"].is_null(), "{method}: {}", reply["error"]);
                return reply["result"].clone();
            }
        }
    }

    /// The next message; what the page complains of and asks for is noted.
    fn next(&mut self) -> Value {
        let mut message = Vec::new();
        self.replies.read_until(0, &mut message).expect("the browser speaks");
        assert!(message.pop().is_some(), "the browser is gone");
        let message: Value = serde_json::from_slice(&message).expect("JSON");
        match message["method"].as_str() {
            Some("Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded") => {
                self.complaints.push(message["params"].to_string());
            }
            Some("Network.requestWillBeSent") => {
                let url = &message["params"]["request"]["url"];
                self.requests.extend(url.as_str().map(str::to_owned));
            }
            _ => {}
        }
        message
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn open(&mut self, file: &Path) {
        self.complaints.clear();
        self.requests.clear();
        self.ask("Page.navigate", &json!({"url": format!("file://{}", file.display())}));
        while self.next()["method"] != "Page.loadEventFired" {}
    }

    /// A window of this size, on a phone or not, light or dark.
    pub(crate) fn window(&mut self, width: u32, height: u32, dark: bool) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let got = self.ask("Runtime.evaluate", &asked);
        assert!(got["exceptionDetails"].is_null(), "{expression}: {}", got["exceptionDetails"]);
        got["result"]["value"].clone()
    }

    /// Whether an expression is true, or comes true soon: some events are fired after what causes them.
    pub(crate) fn comes_true(&mut self, expression: &str) -> bool {
        let later = "await new Promise((next) => setTimeout(next, 20))";
        let tries = format!("for (let tries = 0; tries < 500 && !({expression}); tries++) {later};");
        self.value(&format!("(async () => {{ {tries} return {expression}; }})()")) == true
    }

    pub(crate) fn number(&mut self, expression: &str) -> u64 {
        self.value(expression).as_u64().unwrap_or_else(|| panic!("{expression} is no number"))
    }

    pub(crate) fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "ArrowRight" => 39,
            _ => u32::from(key.as_bytes()[0].to_ascii_uppercase()),
        };
        let mut event = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code});
        match key {
            "Enter" => event["text"] = json!("\r"),
            key if key.len() == 1 => event["text"] = json!(key),
            _ => {}
        }
        self.ask("Input.dispatchKeyEvent", &event);
        self.ask(
            "Input.dispatchKeyEvent",
            &json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code}),
        );
    }

    /// A picture of the window, as PNG.
    pub(crate) fn picture(&mut self) -> Vec<u8> {
        let shot = self.ask("Page.captureScreenshot", &json!({"format": "png"}));
        data_encoding::BASE64.decode(shot["data"].as_str().expect("a picture").as_bytes()).expect("base64")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.commands.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = self.child.wait();
    }
}
