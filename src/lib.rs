//! invalidash: a terminal dashboard for Amazon CloudFront cache invalidations.
//!
//! # Bird's eye
//!
//! A pure core decides, a thin runtime does, a view shows.
//!
//! ```text
//! terminal, OS ──Event──▶ runtime ──Message──▶ app::update(&mut Model, Message, &Context{now, entropy}) ──▶ Vec<Effect>
//!                            ▲                                                              │
//!                            └──────── Reply (CloudFront, ledger, timer, editor) ◀─── runtime carries effects out
//!                                              ui::view(&Model, &Theme, &mut ViewMemory, &mut Frame)   when nothing is pending
//! ```
//!
//! `update` never waits, reads no clock, touches no file and draws no random number. Money is spent by an effect, so
//! effects are plain data that a test can count and compare. Polling is not a background loop: the model
//! requests timers and decides what to poll next.
//!
//! # Words
//!
//! One word per thing, in code and on screen.
//!
//! | word | what it means |
//! |---|---|
//! | event, action | input from the terminal or the system; what the user can do, bound to keys |
//! | message, effect, reply | anything that may change the model; a request to the outside, as data; its result |
//! | page ([`app::screen::Screen`]), overlay | a full screen; a box above it |
//! | row, record | a line of a table on screen; a row of the ledger |
//! | item | one line of a batch: path, wildcard or cache tag |
//! | batch, submission, job | the items of one request; one batch for one target under one `CallerReference`; everything confirmed at once |
//! | target | a distribution or a distribution tenant |
//! | invalidation | CloudFront's object; those of a target are its [`engine::data::TargetInvalidations`] |
//! | ledger, history | the `SQLite` file; the page of everything it has sent |
//! | call log | the emulator's record of requests |
//! | notice, note | a message to the user; why a submission was made, typed by the user |
//! | typical time, slow after | the median completion time of a target; its 95th percentile |
//! | check the edge, edge response, verdict | request a URL as a viewer does; the response; fresh, stale, or cannot tell |
//! | suggestion, safe fix | a change of a line that may clear more or less; one that clears the same |
//! | skipped | a line that another one covers |
//! | resume | continue the unfinished work of an earlier run |
//! | not from here | an invalidation that this ledger did not make |
//!
//! # Code map
//!
//! | room | what it holds | may import |
//! |---|---|---|
//! | [`domain`] | nouns and rules: items and their lint, coverage, price, imports, the submission's states; pure | nothing of the crate |
//! | [`engine`] | the lower floor of the core: session, catalog, queue, watch, edge checks, ledger, drafts, notices; pure | `domain` |
//! | [`app`] | the upper floor: pages, overlays, keys, actions, the composer, `update`; what is held lies below what is done with it ([`app::act`]); pure | `engine`, `domain` |
//! | [`ui`] | model to cells; reads the model and changes nothing | `app`, `engine`, `domain`, `settings` |
//! | [`runtime`] | the only asynchronous code: loop, effects, CloudFront through the SDK, credentials, ledger, imports, terminal and what is typed there | `app`, `engine`, `domain`, `ui`, `settings`, `emulator` |
//! | [`headless`] | the commands without a screen | all but `ui` |
//! | [`cli`], [`settings`] | arguments ("low") and what they mean with file and environment ("high"), decided once | each other, `domain` |
//! | [`emulator`] | a local CloudFront, one function from request to outcome | nothing of the crate |
//!
//! Rules never call the upper floor: they change their own state, publish what they found out as [`engine`]'s news, and
//! know what is visible as data. `tests/it/tidy.rs` reads the sources and enforces this table. The emulator imports
//! nothing on purpose: client and emulator are two independent readings of the same API.
//!
//! Files that use each other are circles; `tests/it/tidy/circles.rs` measures them by their paths and lets none have more than
//! seven. The two that have seven are the submission machine (`engine::queue`: a change of a submission begins a search, a
//! division or the next send, each of which changes submissions), and what reads and watches (`engine::watch`, `fleet`, `tenants`,
//! `script`: an answer about the account starts reads, and a read may be the first to tell the account).
//!
//! # Invariants
//!
//! 1. The core is total: no message and no data make it panic; the view draws any model at any size from 1×1.
//! 2. Nothing that changes state is sent before the ledger has confirmed, durably, target, account, the exact ordered
//!    wire items and the `CallerReference` ([`engine::queue`]).
//! 3. A `CallerReference` is made once per submission and never changes, over retries, crashes and restarts; an edited
//!    or re-run batch gets a new one ([`domain::submission`]).
//! 4. A submission without a response is `Unknown`, not failed: it is retried with the same bytes.
//! 5. Every effect with an id gets exactly one reply; a reply that is no longer awaited changes nothing.
//! 6. Terminal output is only what `view` drew: no control character in text from outside reaches it
//!    ([`domain::text::visible`]).
//! 7. Every end of the program that can wait saves the visible changes first, for a limited time ([`app`]'s `ending`).
//! 8. The terminal is restored on return, error, panic, SIGTSTP and every signal that ends the program and can be
//!    caught, including a failed allocation and a stack overflow ([`runtime::terminal`], [`runtime::signals`],
//!    [`runtime::fatal`]).
//! 9. Idle means idle: no wake-up unless a timer is due.
//! 10. No secret reaches ledger, log, screen or crash report.
//!
//! # How to add
//!
//! `CONTRIBUTING.md` has a recipe, file by file, for an action, a page, an overlay, a diagnostic, a setting, a ledger
//! operation, a migration, an effect, news and an operation of the emulator.

pub mod app;
pub mod cli;
pub mod domain;
pub mod emulator;
pub mod engine;
pub mod headless;
pub mod runtime;
pub mod settings;
pub mod ui;
