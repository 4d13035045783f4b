//! `quarterdeck brief`: what the morning needs to know, as text for people and as JSON for programs.

mod json;

use std::fmt::Write as _;

use clap::{Args, ValueEnum};

use crate::app::brief::Brief;
use crate::engine::Engine;
use crate::query::{Status, Today};

use super::Deck;
use super::output::Failure;

/// The brief of today: goal, progress, problem, in at most twelve lines. Its numbers are those of the Today screen.
#[derive(Debug, Args)]
pub struct BriefArgs {
    /// How to write it; schema prints what json holds, name by name, which is the same for every workspace
    #[arg(long, value_enum, default_value_t)]
    format: Shape,
}

/// How a brief is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Shape {
    /// Plain lines
    #[default]
    Text,
    /// Markdown
    Md,
    /// One object with all facts
    Json,
    /// One page without scripts
    Html,
    /// The JSON Schema of json
    Schema,
}

/// Runs the command.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn run(args: &BriefArgs, deck: &mut Deck) -> Result<u8, Failure> {
    // What the shape is can be asked without a workspace.
    let text = if args.format == Shape::Schema { json::SHAPE.to_owned() } else { told(args.format, deck)? };
    for line in text.lines() {
        deck.out.line(line)?;
    }
    Ok(0)
}

fn told(format: Shape, deck: &mut Deck) -> Result<String, Failure> {
    let mut engine = deck.open()?;
    let (today, status) = today(&mut engine, deck)?;
    let brief = Brief::of(&today, &status);
    Ok(match format {
        Shape::Text => brief.lines().join("\n"),
        Shape::Md => markdown(&brief),
        Shape::Html => html(&brief),
        Shape::Json | Shape::Schema => json::of(&today, &status, &brief),
    })
}

/// The answer of the Today screen.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn today(engine: &mut Engine, deck: &Deck) -> Result<(Today, Status), Failure> {
    let status = deck.status(engine)?;
    Ok((*answer!(deck, engine, Today), status))
}

fn markdown(brief: &Brief) -> String {
    // What stands for something in Markdown is written as itself.
    let plain = |line: &str| {
        let special = |c: char| matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&');
        line.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect::<String>()
    };
    let mut out = format!("# {}\n", plain(&brief.title));
    for (name, lines) in &brief.sections {
        let _ = write!(out, "\n**{name}**\n\n");
        for line in lines {
            let _ = writeln!(out, "- {}", plain(line));
        }
    }
    out
}

fn html(brief: &Brief) -> String {
    let plain = |line: &str| {
        line.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;")
    };
    let title = plain(&brief.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n\
         <style>body{{font:16px/1.4 sans-serif;max-width:48em;margin:2em auto}}h2{{font-size:1em}}</style></head><body>\n\
         <h1>{title}</h1>\n"
    );
    for (name, lines) in &brief.sections {
        let items: Vec<String> = lines.iter().map(|line| format!("<li>{}</li>", plain(line))).collect();
        let _ = writeln!(out, "<h2>{name}</h2><ul>{}</ul>", items.join(""));
    }
    out.push_str("</body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imported_text_is_never_markup() {
        let brief = Brief {
            title: "<script>alert(1)</script> & co".to_owned(),
            sections: vec![("TODAY", vec!["call *Harbor* \"now\" <b>".to_owned()])],
        };
        let page = html(&brief);
        assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
        assert!(page.contains("&lt;script&gt;") && page.contains("&amp; co") && page.contains("&quot;now&quot;"));
        assert!(markdown(&brief).contains("- call \\*Harbor\\* \"now\" \\<b\\>"));
    }
}
