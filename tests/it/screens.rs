//! What a person sees. Every screen is a picture; what matters in it is a fact.

mod scenes;

use std::path::Path;

use invalidash::ui::Theme;

use crate::support::screen::{ansi, berlin};

/// Writes every scene as a terminal would be told to draw it into `target/pictures`, to be looked at:
/// `cargo test --test it pictures -- --ignored`, then `cat` one of them in a terminal of its size.
#[test]
#[ignore = "writes files to look at"]
fn pictures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for theme in [Theme::colour(berlin), Theme::mono(berlin)] {
        for (name, scene) in scenes::all() {
            for size in [(60, 20), (80, 24), (100, 30), (120, 40), (160, 50)] {
                let file = format!("{name}-{}x{}-{}.ansi", size.0, size.1, theme.name);
                std::fs::write(folder.join(file), ansi(&scene().model, &theme, size)).unwrap();
            }
        }
    }
}
