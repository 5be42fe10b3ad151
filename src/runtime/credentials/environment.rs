//! The environment variables that determine a connection.

use std::path::{Path, PathBuf};

use aws_types::os_shim_internal::Env;

use super::check::{self, Use};
use crate::domain::failure::Failure;

/// The environment variables of the process, or those of a test. `Debug` prints none of them.
#[derive(Clone)]
pub struct Environment {
    variables: Env,
    home: Option<PathBuf>,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

impl Environment {
    /// Returns the variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let home = directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned());
        Self {
            variables: Env::real(),
            home,
        }
    }

    /// Creates an environment with only these variables.
    #[must_use]
    pub fn of(variables: &[(&str, &str)]) -> Self {
        let variables = Env::from_slice(variables);
        let home = variables.get("HOME").ok().map(PathBuf::from);
        Self { variables, home }
    }

    /// Returns the value of a variable that is set and not blank.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.variables.get(name).ok().filter(|value| !value.trim().is_empty())
    }

    /// Returns whether a Boolean variable is set to true.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// Rejects an unusable value of the variable that the SDK itself reads for its user agent.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.usable("AWS_EXECUTION_ENV", Use::Value)
            .map_or_else(|wrong| Err(Failure::Setup(wrong)), |_| Ok(()))
    }

    /// Returns the trimmed value of a variable that is set and not blank.
    ///
    /// # Errors
    /// A sentence that names the variable, if the value cannot be used.
    pub(super) fn usable(&self, name: &str, use_: Use) -> Result<Option<String>, String> {
        let Some(set) = self.get(name) else { return Ok(None) };
        let text = set.trim();
        check::value(text, use_).map_err(|wrong| format!("{name} {wrong}. Correct it, or unset it"))?;
        Ok(Some(text.to_owned()))
    }

    /// Returns the home folder.
    pub(super) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Returns the variables as the SDK's own type, so that its rules of precedence can be used.
    pub(super) fn as_sdk(&self) -> &Env {
        &self.variables
    }
}
