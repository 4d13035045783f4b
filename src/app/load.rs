//! What a panel has of its answer: old content stays while new is read.

/// An answer on its way.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Load<T> {
    /// Not asked for.
    #[default]
    Idle,
    /// Asked for; the old answer is shown meanwhile.
    Loading(Option<T>),
    /// Here.
    Ready(T),
    /// Could not be had; the old answer is shown under the cause.
    Failed {
        /// One line: what, why, next step.
        why: String,
        /// What was there before.
        old: Option<T>,
    },
}

impl<T> Load<T> {
    /// Begins to wait, keeping what is there.
    pub fn begin(&mut self) {
        *self = Self::Loading(std::mem::take(self).into_shown());
    }

    /// Takes the answer, or the cause of its absence.
    pub fn finish(&mut self, result: Result<T, String>) {
        *self = match result {
            Ok(answer) => Self::Ready(answer),
            Err(why) => Self::Failed { why, old: std::mem::take(self).into_shown() },
        };
    }

    /// What can be shown.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Self::Ready(answer) => Some(answer),
            Self::Loading(old) | Self::Failed { old, .. } => old.as_ref(),
            Self::Idle => None,
        }
    }

    /// Whether an answer is awaited.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading(_))
    }

    /// Why there is no answer.
    pub fn failure(&self) -> Option<&str> {
        match self {
            Self::Failed { why, .. } => Some(why),
            _ => None,
        }
    }

    fn into_shown(self) -> Option<T> {
        match self {
            Self::Ready(answer) => Some(answer),
            Self::Loading(old) | Self::Failed { old, .. } => old,
            Self::Idle => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_content_outlives_loading_and_failure() {
        let mut load = Load::default();
        load.begin();
        assert_eq!(load.shown(), None);
        load.finish(Ok(1));
        load.begin();
        assert!(load.is_loading() && load.shown() == Some(&1));
        load.finish(Err("gone".to_owned()));
        assert_eq!((load.shown(), load.failure()), (Some(&1), Some("gone")));
        load.begin();
        load.finish(Ok(2));
        assert_eq!((load.shown(), load.failure()), (Some(&2), None));
    }
}
