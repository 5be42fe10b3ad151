//! Converts terminal events to messages for the core.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::pointer::Hits;

/// Converts a terminal event to a message, given what is on screen; key releases are ignored.
#[must_use]
pub fn message_of(event: Event, hits: &Hits) -> Option<Message> {
    match event {
        Event::Key(key) => key_of(key).map(Message::Key),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        Event::FocusGained => Some(Message::Focus(true)),
        Event::FocusLost => Some(Message::Focus(false)),
        Event::Mouse(event) => of_mouse(event, hits),
    }
}

/// Converts a mouse event. Only the left button without a modifier key counts as a click, because modifiers have other
/// meanings for the terminal or the user.
fn of_mouse(event: MouseEvent, hits: &Hits) -> Option<Message> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) if event.modifiers.is_empty() => {
            Some(Message::Click(hits.at(event.column, event.row)))
        }
        MouseEventKind::ScrollUp => Some(Message::Wheel(-1)),
        MouseEventKind::ScrollDown => Some(Message::Wheel(1)),
        _ => None,
    }
}

fn key_of(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key::new(
        code,
        held(KeyModifiers::CONTROL),
        held(KeyModifiers::ALT),
        held(KeyModifiers::SHIFT),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_and_releases_are_not_heard() {
        let event = |code, modifiers| KeyEvent::new(code, modifiers);
        assert_eq!(key_of(event(KeyCode::Char('?'), KeyModifiers::SHIFT)), "?".parse().ok());
        assert_eq!(
            key_of(event(KeyCode::Char('s'), KeyModifiers::CONTROL)),
            "ctrl-s".parse().ok()
        );
        assert_eq!(
            key_of(event(KeyCode::BackTab, KeyModifiers::SHIFT)),
            "shift-tab".parse().ok()
        );
        let release = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(key_of(release), None);
    }
}
