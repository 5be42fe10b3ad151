//! The composer: a text editor in which every line is judged as it is typed, and nothing typed is ever lost.

mod another;
mod completion;
mod draft;
mod sending;
mod switching;
mod typing;

use std::collections::{HashMap, HashSet};

use tui_input::Input;

use crate::app::action::Action;
use crate::app::copying::copy;
use crate::app::editor::{Command, Edit, Editor, Motion, Query, Revision};
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::screen::Screen;
use crate::domain::analysis::Analysis;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::import::{Origin, Row};
use crate::domain::lint::{Context, Severity};
use crate::domain::secret;
use crate::domain::text;
use crate::engine::drafts::{self, DraftKey};
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;

pub(in crate::app) use another::has_another;
pub(in crate::app) use draft::{
    doubled, draft_written, drafts_read, keep_draft, merge, offer, open_composer, stopped, write_draft,
};
pub(in crate::app) use sending::reviewed_items;
pub(in crate::app) use switching::owner_here;
pub(in crate::app) use typing::{on_key, on_paste, place, turn};

/// The state of the page.
#[derive(Debug)]
pub struct Composer {
    /// What the list is for.
    pub targets: Vec<Target>,
    /// The draft that is being composed.
    pub draft: DraftKey,
    /// The text.
    pub editor: Editor,
    /// The judgement of every line, in step with the text.
    pub analysis: Analysis,
    /// Origins of imported lines, by their text. An edited line has none.
    pub origins: HashMap<String, Origin>,
    /// Items that were sent to these targets before, the newest first, and patterns of their cache behaviours.
    known: Vec<String>,
    /// How many lines the wheel moved the text by, all together.
    turned: isize,
    /// The last search text.
    sought: String,
    /// The revision that the ledger holds; `None`: it holds another text, or none.
    saved: Option<Revision>,
    /// The revision that is being written.
    saving: Option<Revision>,
    /// A stored draft that could be read only after something was typed: it belongs above that.
    unmerged: Option<DraftKey>,
}

impl Composer {
    fn new(targets: Vec<Target>, draft: DraftKey, text: &str, context: Context) -> Self {
        // A draft is gone on with on a line of its own: what is typed must not join what was left there.
        let fresh = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let mut editor = Editor::from_lines(format!("{text}{fresh}").split('\n'));
        editor.apply(Command::Move(Motion::Bottom));
        let lines: Vec<&str> = editor.lines().collect();
        let analysis = Analysis::of(&lines, context);
        let saved = Some(editor.revision());
        Self {
            targets,
            draft,
            editor,
            analysis,
            origins: HashMap::new(),
            known: Vec::new(),
            saved,
            saving: None,
            unmerged: None,
            sought: String::new(),
            turned: 0,
        }
    }

    /// The targets' ids, sorted, joined by blanks.
    #[must_use]
    pub fn targets_key(&self) -> String {
        draft::key(&self.targets)
    }

    /// Whether the ledger holds what is seen.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.saved == Some(self.editor.revision())
    }

    /// How many lines the wheel moved the text by, all together: what is seen moves by as many.
    #[must_use]
    pub fn turned(&self) -> isize {
        self.turned
    }

    /// Where lines go that are added below the list. A blank line at the end is where the person stood, not a part of it.
    fn end(&mut self) -> usize {
        let last = self.editor.len() - 1;
        last + usize::from(!self.editor.line(last).is_empty())
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.editor.len() == 1 && self.editor.line(0).is_empty()
    }

    /// Gives the editor a command and lets the judgement follow. Returns the text for the clipboard, if there is one.
    fn apply(&mut self, command: Command) -> Applied {
        let change = self.editor.apply(command);
        for splice in &change.splices {
            let inserted = splice.start..splice.start + splice.inserted;
            let lines: Vec<&str> = inserted.map(|line| self.editor.line(line)).collect();
            self.analysis
                .splice(splice.start..splice.start + splice.removed, &lines);
        }
        Applied {
            seen: !change.is_empty(),
            changed: !change.splices.is_empty(),
            copied: change.copied,
        }
    }
}

/// What came of a command.
struct Applied {
    /// Whether anything that is seen is another.
    seen: bool,
    /// Whether the text is another.
    changed: bool,
    /// The text for the clipboard.
    copied: Option<String>,
}

/// The composer being looked at.
fn composer(model: &mut Model) -> Option<&mut Composer> {
    match model.screen_mut() {
        Screen::Composer(composer) => Some(composer),
        Screen::Distributions(_)
        | Screen::Tenants(_)
        | Screen::Invalidations(_)
        | Screen::Details(_)
        | Screen::History(_) => None,
    }
}

/// So many targets of one list are asked about, at a read a second: whoever chose thousands does not wait for all of them.
const DESCRIBED: usize = 50;

/// Opens the composer for these targets with their draft, and with these items under it.
pub(in crate::app) fn open(model: &mut Model, targets: Vec<Target>, items: Option<Vec<String>>) {
    let draft = draft::newest(model, &targets);
    open_this(model, targets, draft);
    if let Some(items) = items {
        insert_items(model, items);
    }
}

/// Opens the composer for these targets with this draft of theirs.
pub(in crate::app) fn open_this(model: &mut Model, targets: Vec<Target>, draft: DraftKey) {
    if targets.is_empty() {
        return;
    }
    for target in targets.iter().take(DESCRIBED) {
        describe(model, target);
    }
    let composer = composer_for(model, targets, draft);
    crate::app::screen::push(model, Screen::Composer(Box::new(composer)));
    completion::refresh(model);
    draft::tell_age(model, draft);
}

fn composer_for(model: &Model, targets: Vec<Target>, draft: DraftKey) -> Composer {
    let context = context(model, &targets);
    let text = model.engine.drafts.get(draft).map_or("", |draft| &draft.text);
    Composer::new(targets, draft, text, context)
}

/// Opens the composer for a target with its draft, and under it those of these items that it does not hold. Returns whether
/// it holds nothing else.
pub(in crate::app) fn open_with(model: &mut Model, target: Target, items: Vec<String>) -> bool {
    open(model, vec![target], None);
    let there: HashSet<String> = lines(model)
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let alone = there.iter().all(|line| items.contains(line));
    let missing: Vec<_> = items.into_iter().filter(|item| !there.contains(item)).collect();
    if !missing.is_empty() {
        insert_items(model, missing);
    }
    alone
}

/// Asks for what the lint has to know of a target and no list tells.
fn describe(model: &mut Model, target: &Target) {
    match (target, parent(model, target)) {
        (Target::Tenant(id), None) => crate::engine::tenants::describe(&mut model.engine, id),
        (_, Some(distribution)) => crate::engine::fleet::describe(&mut model.engine, &distribution),
        (Target::Distribution(_), None) => {}
    }
}

/// The distribution whose configuration holds for a target: itself, or the tenant's, where that is known.
fn parent(model: &Model, target: &Target) -> Option<DistributionId> {
    match target {
        Target::Distribution(id) => Some(id.clone()),
        Target::Tenant(id) => model.engine.tenants.get(id).map(|tenant| tenant.distribution.clone()),
    }
}

/// Opens the composer for these targets with their draft, and under it with those of these items that it does not hold.
pub(in crate::app) fn reopen(model: &mut Model, targets: Vec<Target>, items: Vec<String>) {
    open(model, targets, None);
    let there: HashSet<String> = lines(model).into_iter().collect();
    let missing: Vec<_> = items.into_iter().filter(|item| !there.contains(item)).collect();
    if !missing.is_empty() {
        insert_items(model, missing);
    }
    let review = model.keymap.spoken(Action::Review);
    model.engine.say(
        Level::Info,
        format!("edit it, then {review}: it is sent under a new CallerReference"),
    );
}

/// Puts items under what is there: nothing that was typed gives way.
fn insert_items(model: &mut Model, lines: Vec<String>) {
    let Some(at) = composer(model).map(Composer::end) else {
        return;
    };
    give(model, Edit::InsertLines { at, lines }.into());
    give(model, Command::Move(Motion::Bottom));
}

/// Puts imported lines under what is there, as one step of undo, and remembers where each came from.
pub(in crate::app) fn append(model: &mut Model, rows: Vec<Row>) {
    let Some(composer) = composer(model) else { return };
    let at = composer.end();
    let lines = rows.iter().map(|row| row.text.clone()).collect();
    composer
        .origins
        .extend(rows.into_iter().map(|row| (row.text, row.origin)));
    give(model, Edit::InsertLines { at, lines }.into());
    give(model, Command::Move(Motion::Bottom));
}

/// The lines of the composer, to be saved: without credentials.
pub(in crate::app) fn lines(model: &mut Model) -> Vec<String> {
    composer(model).map_or_else(Vec::new, |composer| {
        let lines = composer.editor.lines();
        lines.map(|line| secret::stripped(line).into_owned()).collect()
    })
}

/// Puts these items in the place of those that would be sent, as one step of undo. Comments and wrong lines stay, below.
pub(in crate::app) fn replace_items(model: &mut Model, items: &[String]) {
    let Some(composer) = composer(model) else { return };
    let rest = composer
        .analysis
        .rows()
        .filter(|row| !row.ok)
        .map(|row| row.raw.to_owned());
    let text: Vec<String> = items.iter().cloned().chain(rest).collect();
    give(model, Edit::SetText(text.join("\n")).into());
}

/// Gives the editor a command; what changed is seen, kept and copied.
fn give(model: &mut Model, command: Command) {
    let Some(applied) = composer(model).map(|composer| composer.apply(command)) else {
        return;
    };
    if applied.seen {
        model.engine.touch();
    }
    if applied.changed {
        draft::changed(model);
    }
    if let Some(text) = applied.copied {
        copy(model, secret::stripped(&text).into_owned(), "the text");
    }
}

/// What is known of the targets.
fn context(model: &Model, targets: &[Target]) -> Context {
    let known = targets.iter().map(|target| {
        let distribution = parent(model, target).and_then(|id| model.engine.fleet.get(&id));
        let config = distribution.and_then(|distribution| model.engine.fleet.configs.get(&distribution.id));
        let context = distribution.map(|distribution| Context::of(distribution, config));
        let mut context = context.unwrap_or_default();
        context.tags_denied = parent(model, target).is_some_and(|id| model.engine.rights.may_not_describe(&id));
        match target {
            Target::Tenant(id) => match model.engine.tenants.get(id) {
                Some(tenant) => context.for_tenant(tenant),
                None => context,
            },
            Target::Distribution(_) => context,
        }
    });
    let known = known.reduce(Context::and).unwrap_or_default();
    known
        .among(model.engine.fleet.all())
        .among_tenants(model.engine.tenants.all())
}

/// What is known of a distribution or a tenant changed: the lines are judged anew where that concerns them.
pub(in crate::app) fn context_changed(model: &mut Model, known: &Target) {
    let Some(targets) = composer(model).map(|composer| composer.targets.clone()) else {
        return;
    };
    let concerns = |target: &Target| {
        let parent = parent(model, target).map(Target::Distribution);
        target == known || parent.as_ref() == Some(known)
    };
    if targets.iter().any(concerns) {
        describe(model, known);
        let context = context(model, &targets);
        if let Some(composer) = composer(model) {
            composer.analysis.set_context(context);
        }
        completion::refresh(model);
        model.engine.touch();
    }
}

/// An action of the page.
pub(in crate::app) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Review => sending::review(model),
        Action::FixSafe => fix_all(model),
        Action::TakeOffer => take_offer(model),
        Action::SwitchTarget => switching::switch(model),
        Action::KeepLine => keep_line(model),
        Action::NextProblem => next_problem(model),
        Action::ExternalEditor => edit_elsewhere(model),
        Action::ToggleComment => give(model, Edit::ToggleComment.into()),
        Action::SortLines => give(model, Edit::SortLines.into()),
        Action::Complete => completion::complete(model),
        Action::Undo => give(model, Command::Undo),
        Action::Redo => give(model, Command::Redo),
        Action::Find => ask_what_to_find(model),
        Action::FindNext => find_next(model),
        Action::SelectAll => give(model, Command::SelectAll),
        Action::CopyText => give(model, Command::Copy),
        Action::CutText => give(model, Command::Cut),
        Action::ClearDraft => clear(model),
        Action::NextDraft => another::show_next(model),
        _ => {}
    }
}

/// Applies every fix that clears the same, in one step of undo.
fn fix_all(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let fixed = composer.analysis.safe_fixes();
    let count = fixed.len();
    give(model, Edit::ReplaceLines(fixed).into());
    let undo = model.keymap.spoken(Action::Undo);
    let text = match count {
        0 => "no safe fixes".to_owned(),
        fixed => format!("fixed {}; {undo} undoes it", text::count(fixed, "line")),
    };
    model.engine.say(Level::Info, text);
}

/// Takes the fix that is offered for the cursor's line, also one that clears more or less.
fn take_offer(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let line = composer.editor.cursor().line;
    match composer.analysis.offered_fix(line) {
        Some(fix) => {
            give(model, Edit::ReplaceLines(vec![(line, fix.replacement)]).into());
            let undo = model.keymap.spoken(Action::Undo);
            model
                .engine
                .say(Level::Info, format!("clears {}; {undo} undoes it", fix.clears));
        }
        None => model.engine.say(Level::Info, "no suggestion for this line"),
    }
}

/// Sends a covered line all the same, or leaves it out again.
fn keep_line(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let line = composer.editor.cursor().line;
    let row = composer
        .analysis
        .row(line)
        .map(|row| (row.kept, row.covered_by.is_some()));
    match row {
        Some((kept, covered)) if kept || covered => {
            composer.analysis.keep(line, !kept);
            model.engine.touch();
        }
        Some(_) | None => model.engine.say(Level::Info, "only a covered line can be kept"),
    }
}

/// Takes every line away, in one step of undo.
fn clear(model: &mut Model) {
    give(model, Edit::SetText(String::new()).into());
    let undo = model.keymap.spoken(Action::Undo);
    model
        .engine
        .say(Level::Info, format!("Cleared; {undo} brings the lines back"));
}

/// Asks what to look for, beginning with what was looked for last.
fn ask_what_to_find(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let sought = composer.sought.clone();
    model.overlays.push(Overlay::Find(Input::new(sought)));
    model.engine.touch();
}

/// Looks for a text from the cursor on, and selects it.
pub(in crate::app) fn find(model: &mut Model, text: &str) {
    let Some(composer) = composer(model) else { return };
    text.clone_into(&mut composer.sought);
    model.engine.touch();
    find_next(model);
}

/// Looks for the same text behind the cursor, and from the top again after the end.
fn find_next(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let Some(query) = Query::new(&composer.sought) else {
        return;
    };
    if let Some(found) = composer.editor.find_next(&query, composer.editor.cursor()) {
        let (anchor, cursor) = (found.start, found.end);
        give(model, Command::Select { anchor, cursor });
    } else {
        let text = format!("{} is not in the list", composer.sought);
        model.engine.say(Level::Info, text);
    }
}

/// Goes to the next line with a problem, from the top again after the last one.
fn next_problem(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let line = composer.editor.cursor().line;
    match composer.analysis.next_problem(line, Severity::Warning) {
        Some(line) => give(model, Command::Move(Motion::Line(line))),
        None => model.engine.say(Level::Info, "no line has a problem"),
    }
}

fn edit_elsewhere(model: &mut Model) {
    let Some(composer) = composer(model) else { return };
    let (key, targets) = (composer.draft, composer.targets_key());
    let text = secret::stripped(&composer.editor.text()).into_owned();
    keep_draft(model);
    let request = model.engine.request(Purpose::ExternalEditor(key, targets));
    model.engine.ask(Effect::EditText { request, text });
}

/// The external editor is done; where it failed, the text is as it was. If its page was left meanwhile, what was written
/// is the draft.
pub(in crate::app) fn edited(model: &mut Model, key: DraftKey, targets: &str, result: Result<String, String>) {
    model.engine.touch();
    let is_here = composer(model).is_some_and(|composer| composer.draft == key);
    match result {
        Ok(text) => {
            // Editors end the last line; that is no line of its own.
            let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text).to_owned();
            if is_here {
                give(model, Edit::SetText(text).into());
            } else {
                drafts::put(&mut model.engine, key, targets, text);
                model.engine.say(Level::Info, "the editor's text is saved as the draft");
            }
        }
        Err(reason) => model.engine.say(Level::Error, reason),
    }
}
