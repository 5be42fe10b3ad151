//! The emulator as a process of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A running emulator; dropping it ends it.
pub(crate) struct Server {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
}

impl Server {
    /// Starts one with so many distributions.
    pub(crate) fn start(binary: &Path, distributions: usize) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.args(["emulator", "--port", "0", "--distributions", &distributions.to_string()]);
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let process = process.map_err(|error| format!("the emulator: {error}"))?;
        let mut server = Self {
            process,
            url: String::new(),
        };
        server.url = server.told_url()?;
        Ok(server)
    }

    fn told_url(&mut self) -> Result<String, String> {
        let output = self.process.stdout.take().ok_or("the emulator has no output")?;
        let mut first = String::new();
        let read = BufReader::new(output).read_line(&mut first);
        read.map_err(|error| format!("the emulator: {error}"))?;
        let url = first.trim().strip_prefix("listening on ").map(str::to_owned);
        url.ok_or_else(|| format!("the emulator said {first:?}"))
    }

    /// From now on every call stays without an answer.
    pub(crate) fn hang(&self) -> Result<(), String> {
        self.post("/_emulator/faults", r#"{"what": "hang", "times": null}"#)
    }

    /// Changes how the emulator behaves.
    pub(crate) fn configure(&self, settings: &str) -> Result<(), String> {
        self.post("/_emulator/settings", settings)
    }

    /// Makes so many invalidations of the first distribution, as another tool does.
    pub(crate) fn invalidate(&self, count: usize) -> Result<(), String> {
        for number in 0..count {
            let body = format!(
                "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/elsewhere/{number}</Path></Items></Paths>\
                 <CallerReference>r-{number}</CallerReference></InvalidationBatch>"
            );
            let target = crate::journal::TARGET;
            self.post(&format!("/2020-05-31/distribution/{target}/invalidation"), &body)?;
        }
        Ok(())
    }

    /// How often these operations were asked for.
    pub(crate) fn received(&self, operations: &[&str]) -> Result<u64, String> {
        let received = self.exchange("GET", "/_emulator/received", "")?;
        let (_, document) = received
            .split_once("\r\n\r\n")
            .ok_or("the emulator's answer has no body")?;
        let document: serde_json::Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
        let times = |name: &&str| document["operations"][*name].as_u64().unwrap_or(0);
        Ok(operations.iter().map(times).sum())
    }

    fn post(&self, path: &str, body: &str) -> Result<(), String> {
        self.exchange("POST", path, body).map(drop)
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> Result<String, String> {
        let host = self.url.trim_start_matches("http://");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
        let mut answer = String::new();
        let exchange = TcpStream::connect(host).and_then(|mut stream| {
            stream.write_all(request.as_bytes())?;
            stream.read_to_string(&mut answer)
        });
        exchange.map_err(|error| format!("the emulator: {error}"))?;
        let status = answer.lines().next().unwrap_or_default();
        if !status.contains(" 20") {
            return Err(format!("the emulator answered {status:?} to {path}"));
        }
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
