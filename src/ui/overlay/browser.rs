//! The overlay for a browser login: the page to open, the code to enter there and, if there is room, a QR code with
//! both.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::page::sentence_case;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::qr::Qr;
use super::super::widget::text::wrap;
use super::kit::{columns, open};
use crate::app::overlay::browser::Browser;
use crate::domain::login::BrowserLogin;

/// The minimum, preferred and maximum width of the text next to the QR code, in columns.
const NARROWEST: usize = 34;
const WIDTH: usize = 40;
const WIDEST: usize = 60;

/// The number of columns between the text and the QR code.
const GAP: usize = 2;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, browser: &Browser, buffer: &mut Buffer, room: Rect) {
    let (columns, rows) = (columns(usize::MAX, room), usize::from(room.height).saturating_sub(4));
    let login = look
        .model
        .engine
        .login
        .browser
        .as_ref()
        .filter(|_| browser.ended.is_none());
    let fits = |picture: &Qr, width: usize| picture.columns() + GAP + width <= columns && picture.rows() <= rows;
    let of = |login: &BrowserLogin| Qr::of(login.link());
    let picture = login.and_then(of).filter(|picture| fits(picture, WIDTH));
    let tight = || login.and_then(of).map(Qr::tight);
    let picture = picture.or_else(|| tight().filter(|picture| fits(picture, NARROWEST)));
    let missing = tight().filter(|_| picture.is_none());
    let beside = picture.as_ref().map_or(0, |picture| picture.columns() + GAP);
    let width = columns.saturating_sub(beside).min(WIDEST);
    let mut lines = lines(look, browser, login, width);
    if let Some(missing) = missing {
        let needs = room_for(&missing, room, (columns, rows));
        lines.extend(wrap(&needs, width).into_iter().map(|line| (line, look.theme.dim)));
    }
    let height = lines.len().max(picture.as_ref().map_or(0, Qr::rows));
    let body = open(look, buffer, room, "Log in", (width + beside, height)).body;
    let place = columns_of(body, beside, usize::from(body.width));
    for (number, (text, style)) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(place, number)).text(text, *style);
    }
    if let Some(picture) = picture {
        picture.draw(look.theme, buffer, body);
    }
}

/// Describes how large the terminal must be to show the QR code.
fn room_for(picture: &Qr, room: Rect, (columns, rows): (usize, usize)) -> String {
    // The columns and rows outside the overlay's text, including the lines above and below the available area.
    let around = (
        usize::from(room.width) - columns.min(room.width.into()),
        usize::from(room.height) + 2 - rows,
    );
    format!(
        "Resize to {}×{} to see a QR code",
        picture.columns() + GAP + NARROWEST + around.0,
        picture.rows() + around.1
    )
}

type Line = (String, ratatui::style::Style);

fn lines(look: ViewContext<'_>, browser: &Browser, login: Option<&BrowserLogin>, width: usize) -> Vec<Line> {
    let theme = look.theme;
    let all = |text: &str, style| wrap(text, width).into_iter().map(move |line| (line, style));
    if let Some(ended) = &browser.ended {
        return all(&format!("{} {ended}", mark::WRONG), theme.wrong).collect();
    }
    let Some(login) = login else {
        let engine = &look.model.engine;
        let what = engine.login.waits_for(engine.now).map(sentence_case);
        let text = format!(
            "{} {}",
            what.unwrap_or_else(|| "Requesting a code".to_owned()),
            mark::LOADING
        );
        return all(&text, theme.dim).collect();
    };
    let until = clock::moment(theme, look.model.engine.now, login.until);
    let sentences = [
        ("Open this page in a browser on this or another device:", theme.text),
        ("", theme.text),
        (login.url.as_str(), theme.accent),
        ("", theme.text),
        ("and check that it shows this code, or enter the code:", theme.text),
        ("", theme.text),
        (login.code.as_str(), theme.strong),
        ("", theme.text),
        (&format!("Waiting until {until} {}", mark::LOADING), theme.dim),
    ];
    sentences
        .into_iter()
        .flat_map(|(text, style)| all(text, style))
        .collect()
}
