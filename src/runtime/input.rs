//! What the user typed, all of it at once.

use std::{future::poll_fn, io, pin::Pin, task::Poll};

use crossterm::event::Event;
use futures_util::Stream;

/// The most events taken in one go; a flood that never ends still lets a frame through.
pub const MOST: usize = 4_096;

/// Takes, without waiting, every event that is pending behind `first`; of consecutive resizes only the last is kept.
///
/// Draw once after all of them: a frame for each key of a paste costs seconds. An error of the stream ends the batch
/// and comes again when the stream is asked next, as it does for every reader whose terminal is gone.
///
/// Await this in the task that awaits the stream otherwise: crossterm's `EventStream` wakes whoever asked last, so that
/// a look without a waker (`now_or_never`) makes it fall silent.
pub async fn drain<S>(stream: &mut S, first: Event) -> Vec<Event>
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
    use futures_util::{StreamExt, stream};

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
        let events = drain(&mut typed, key('a')).await;
        assert_eq!(
            events,
            [key('a'), key('b'), Event::Paste("x\ny".into()), Event::FocusLost]
        );
    }

    #[tokio::test]
    async fn consecutive_resizes_become_the_last_one() {
        let resize = Event::Resize;
        let mut typed = pending_after(vec![Ok(resize(2, 2)), Ok(resize(3, 3)), Ok(key('j')), Ok(resize(4, 4))]);
        let events = drain(&mut typed, resize(1, 1)).await;
        assert_eq!(events, [resize(3, 3), key('j'), resize(4, 4)]);
    }

    #[tokio::test]
    async fn an_error_or_the_end_closes_the_batch() {
        let mut broken = pending_after(vec![Ok(key('b')), Err(io::ErrorKind::Other.into()), Ok(key('c'))]);
        assert_eq!(drain(&mut broken, key('a')).await, [key('a'), key('b')]);
        assert_eq!(drain(&mut stream::empty(), key('a')).await, [key('a')]);
    }

    #[tokio::test]
    async fn a_flood_is_cut_so_that_a_frame_comes_between() {
        let mut flood = stream::iter(iter::repeat_with(|| Ok(key('j'))));
        assert_eq!(drain(&mut flood, key('j')).await.len(), MOST);
    }
}
