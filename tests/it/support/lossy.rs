//! A proxy between the program and the emulator that loses requests and responses, delivers requests twice, truncates
//! responses anywhere and delays them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::chance::Chance;

/// What becomes of a request.
const FATES: [Fate; 5] = [Fate::LoseRequest, Fate::LoseAnswer, Fate::Twice, Fate::Cut, Fate::Delay];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Pass,
    LoseRequest,
    LoseAnswer,
    Twice,
    Cut,
    Delay,
}

/// The proxy. It listens until the process ends.
pub(crate) struct Lossy {
    /// Where it listens.
    pub(crate) url: String,
    inside: Arc<Inside>,
}

struct Inside {
    upstream: SocketAddr,
    /// What may happen, each as likely as the others.
    fates: &'static [Fate],
    chance: Mutex<Chance>,
    quiet: AtomicBool,
    spoilt: [AtomicU64; FATES.len()],
}

impl Lossy {
    /// Begins to listen; `upstream` is the emulator's URL.
    pub(crate) fn new(upstream: &str, seed: u64) -> io::Result<Self> {
        Self::with(upstream, seed, &FATES)
    }

    /// The same where all that happens is that answers are lost, a third of them: each request is carried out.
    pub(crate) fn of_answers(upstream: &str, seed: u64) -> io::Result<Self> {
        Self::with(upstream, seed, &[Fate::LoseAnswer])
    }

    fn with(upstream: &str, seed: u64, fates: &'static [Fate]) -> io::Result<Self> {
        let upstream = upstream.trim_start_matches("http://").trim_end_matches('/');
        let inside = Arc::new(Inside {
            fates,
            upstream: upstream.parse().map_err(io::Error::other)?,
            chance: Mutex::new(Chance(seed)),
            quiet: AtomicBool::new(false),
            spoilt: Default::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::clone(&inside);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let inside = Arc::clone(&shared);
                // Broken connections are the purpose of this proxy.
                thread::spawn(move || drop(inside.serve(client)));
            }
        });
        Ok(Self { url, inside })
    }

    /// From now on everything passes.
    pub(crate) fn be_quiet(&self) {
        self.inside.quiet.store(true, Ordering::Relaxed);
    }

    /// How often each kind of trouble was made.
    pub(crate) fn figures(&self) -> String {
        let figures = FATES.iter().zip(&self.inside.spoilt);
        let figures: Vec<_> = figures
            .map(|(fate, count)| format!("{fate:?} {}", count.load(Ordering::Relaxed)))
            .collect();
        figures.join(", ")
    }
}

impl Inside {
    /// Passes on one request after the other, until one of the two sides goes.
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        while let Some(request) = message(&mut client)? {
            let (fate, place) = self.fate();
            if matches!(fate, Fate::LoseRequest) {
                return Ok(());
            }
            let mut answer = self.forward(&request)?;
            match fate {
                Fate::LoseAnswer => return Ok(()),
                Fate::Twice => answer = self.forward(&request)?,
                Fate::Delay => thread::sleep(Duration::from_millis(place % 400)),
                Fate::Cut => {
                    let end = usize::try_from(place).unwrap_or(0) % answer.len().max(1);
                    client.write_all(answer.get(..end).unwrap_or_default())?;
                    return Ok(());
                }
                Fate::Pass | Fate::LoseRequest => {}
            }
            client.write_all(&answer)?;
        }
        Ok(())
    }

    /// What becomes of the next request, and a number for it.
    fn fate(&self) -> (Fate, u64) {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let passes = if self.fates.len() == 1 { 67 } else { 70 };
        if self.quiet.load(Ordering::Relaxed) || chance.percent(passes) {
            return (Fate::Pass, 0);
        }
        let kind = usize::try_from(chance.below(self.fates.len() as u64)).unwrap_or(0);
        let fate = self.fates.get(kind).copied().unwrap_or(Fate::Pass);
        let counted = FATES.iter().position(|known| *known == fate);
        if let Some(count) = counted.and_then(|at| self.spoilt.get(at)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        (fate, chance.below(1 << 20))
    }

    fn forward(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut upstream = TcpStream::connect(self.upstream)?;
        upstream.write_all(request)?;
        message(&mut upstream)?.ok_or_else(|| io::Error::other("the emulator gave no answer"))
    }
}

/// The next message with its body; `None` when there are no more.
fn message(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(length) = whole(&bytes) {
            bytes.truncate(length);
            return Ok(Some(bytes));
        }
        match stream.read(&mut chunk)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(chunk.get(..count).unwrap_or_default()),
        }
    }
}

/// How long the message is, as soon as all of it is there. Neither side sends several at once.
fn whole(bytes: &[u8]) -> Option<usize> {
    const END: &[u8] = b"\r\n\r\n";
    let head = bytes.windows(END.len()).position(|window| window == END)? + END.len();
    let text = String::from_utf8_lossy(bytes.get(..head)?).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    (bytes.len() >= head + length).then_some(head + length)
}
