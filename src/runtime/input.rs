//! What the user typed, all of it at once.

use std::{
    future::{pending, poll_fn},
    io,
    pin::Pin,
    task::Poll,
    time::Duration,
};

use crossterm::event::{Event, EventStream};
use futures_util::{Stream, StreamExt};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    stdio,
};

use crate::runtime::terminal;

/// The most events taken in one go; a flood that never ends still lets a frame through.
pub const MOST: usize = 4_096;

/// The user's input, in batches.
///
/// Drop it while another program (an editor) has the terminal, and open it again afterwards.
#[derive(Debug)]
pub struct Input(Option<EventStream>);

impl Input {
    /// Begins to read. One at a time: two would take each other's keys.
    ///
    /// # Errors
    ///
    /// What the system says when the terminal cannot be read, which crossterm alone answers with a panic.
    pub fn open() -> io::Result<Self> {
        // Whether crossterm could set itself up; if not, making its stream panics.
        match crossterm::event::poll(Duration::ZERO) {
            Ok(_) => Ok(Self(Some(EventStream::new()))),
            Err(_) if terminal::is_gone() => Ok(Self(None)),
            Err(error) => Err(no_descriptors().unwrap_or(error)),
        }
    }

    /// Waits for input and takes all of it, as [`drain`] does. Loses nothing when it is dropped before it is ready.
    ///
    /// When the terminal is gone this waits for ever: of that, [`crate::runtime::signals::Signal::Hangup`] tells.
    ///
    /// # Errors
    ///
    /// What the system says of reading.
    pub async fn next(&mut self) -> io::Result<Vec<Event>> {
        let Some(stream) = &mut self.0 else {
            return pending().await;
        };
        match stream.next().await {
            Some(Ok(first)) => Ok(drain(stream, first).await),
            Some(Err(error)) if !terminal::is_gone() => Err(error),
            Some(Err(_)) | None => pending().await,
        }
    }
}

/// What the system says of opening as many files as crossterm does: it keeps its own cause to itself.
fn no_descriptors() -> Option<io::Error> {
    const NEEDED: usize = 8;
    let opened: io::Result<Vec<_>> = (0..NEEDED).map(|_| Ok(rustix::io::dup(stdio::stdin())?)).collect();
    opened.err()
}

/// Takes, without waiting, every event that is pending behind `first`; of consecutive resizes only the last is kept.
///
/// Draw once after all of them: a frame for each key of a paste costs seconds. An error of the stream ends the batch
/// and comes again when the stream is asked next.
///
/// Await this in the task that awaits the stream otherwise: crossterm's stream wakes whoever asked first, so that a
/// look without a waker (`now_or_never`) makes it fall silent.
pub async fn drain(stream: &mut EventStream, first: Event) -> Vec<Event> {
    let events = take_pending(stream, first).await;
    if events.iter().any(|event| matches!(event, Event::Resize(..))) {
        terminal::mark_resized();
    }
    wake_reader();
    events
}

async fn take_pending<S>(stream: &mut S, first: Event) -> Vec<Event>
where
    S: Stream<Item = io::Result<Event>> + Unpin,
{
    let mut events = vec![first];
    poll_fn(|context| {
        while events.len() < MOST {
            match Pin::new(&mut *stream).poll_next(context) {
                Poll::Ready(Some(Ok(event))) => push(&mut events, event),
                Poll::Ready(Some(Err(_)) | None) | Poll::Pending => break,
            }
        }
        Poll::Ready(())
    })
    .await;
    events
}

/// Lets crossterm see input that it has left behind.
///
/// It reads 1,024 bytes and then waits for more to *arrive*, so that the rest of a long paste sleeps in the kernel until
/// the next key (crossterm 0.29, pull request 1057).
fn wake_reader() {
    let stdin = stdio::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let waiting = poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0);
    if waiting {
        terminal::wake_readers();
    }
}

fn push(events: &mut Vec<Event>, event: Event) {
    match (events.last_mut(), &event) {
        (Some(last @ Event::Resize(..)), Event::Resize(..)) => *last = event,
        _ => events.push(event),
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use futures_util::stream;

    use super::*;

    fn key(character: char) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE))
    }

    fn pending_after(events: Vec<io::Result<Event>>) -> impl Stream<Item = io::Result<Event>> + Unpin {
        stream::iter(events).chain(stream::pending())
    }

    #[tokio::test]
    async fn takes_what_is_pending_in_order_and_does_not_wait_for_more() {
        let mut typed = pending_after(vec![
            Ok(key('b')),
            Ok(Event::Paste("x\ny".into())),
            Ok(Event::FocusLost),
        ]);
        let events = take_pending(&mut typed, key('a')).await;
        assert_eq!(
            events,
            [key('a'), key('b'), Event::Paste("x\ny".into()), Event::FocusLost]
        );
    }

    #[tokio::test]
    async fn consecutive_resizes_become_the_last_one() {
        let resize = Event::Resize;
        let mut typed = pending_after(vec![Ok(resize(2, 2)), Ok(resize(3, 3)), Ok(key('j')), Ok(resize(4, 4))]);
        let events = take_pending(&mut typed, resize(1, 1)).await;
        assert_eq!(events, [resize(3, 3), key('j'), resize(4, 4)]);
    }

    #[tokio::test]
    async fn an_error_or_the_end_closes_the_batch() {
        let mut broken = pending_after(vec![Ok(key('b')), Err(io::ErrorKind::Other.into()), Ok(key('c'))]);
        assert_eq!(take_pending(&mut broken, key('a')).await, [key('a'), key('b')]);
        assert_eq!(take_pending(&mut stream::empty(), key('a')).await, [key('a')]);
    }

    #[tokio::test]
    async fn a_flood_is_cut_so_that_a_frame_comes_between() {
        let mut flood = stream::iter(iter::repeat_with(|| Ok(key('j'))));
        assert_eq!(take_pending(&mut flood, key('j')).await.len(), MOST);
    }
}
