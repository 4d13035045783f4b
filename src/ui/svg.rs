//! Charts as SVG for pages: the same series and ranges that [`super::chart`] draws in cells. Colours and text sizes come from the style
//! of the page by class, so that one drawing serves light and dark.

use std::fmt::Write as _;

use super::chart::{Range, Series, Stroke};
use super::markup::html;
use super::theme::Role;

/// Size in units of the drawing, and what is left around it for labels.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 24.0;
/// Rows of text that would stand beside the chart, which says how many labels its side has.
const ROWS: usize = 9;

/// A chart of lines.
pub struct Chart<'a> {
    /// What it shows, for those who cannot see it.
    pub about: &'a str,
    /// The lines; the first lies on top.
    pub series: &'a [Series],
    /// Bottom and top.
    pub range: Range,
    /// Values at the side as text.
    pub label: &'a dyn Fn(f64) -> String,
    /// Labels below, from 0 to 1 over the width.
    pub marks: &'a [(f64, String)],
    /// Numbers above the chart where something happened, from 0 to 1 over the width.
    pub events: &'a [(f64, String)],
}

impl Chart<'_> {
    /// One `svg` element.
    pub fn draw(&self) -> String {
        let mut out = format!(
            "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
            html(self.about)
        );
        for tick in self.range.ticks(ROWS) {
            let y = self.y(tick);
            let _ = writeln!(
                out,
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>\n\
                 <text class=\"side\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.0,
                html(&(self.label)(tick))
            );
        }
        for (at, text) in self.marks {
            let _ = writeln!(
                out,
                "<text class=\"below\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x(*at),
                HEIGHT - 6.0,
                html(text)
            );
        }
        for (at, text) in self.events {
            let x = x(*at);
            let _ = writeln!(
                out,
                "<line class=\"event\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\n\
                 <text class=\"below\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                HEIGHT - BOTTOM,
                TOP - 4.0,
                html(text)
            );
        }
        for line in self.series.iter().rev() {
            self.line(&mut out, line);
        }
        out.push_str("</svg>");
        out
    }

    fn line(&self, out: &mut String, line: &Series) {
        let dash = if line.stroke == Stroke::Dotted { " dotted" } else { "" };
        let class = format!("{}{dash}", class(line.role));
        if let [(at, value)] = line.points.as_slice() {
            let _ =
                writeln!(out, "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>", x(*at), self.y(*value));
            return;
        }
        let points: Vec<String> =
            line.points.iter().map(|(at, value)| format!("{:.1},{:.1}", x(*at), self.y(*value))).collect();
        if !points.is_empty() {
            let _ = writeln!(out, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
        }
    }

    fn y(&self, value: f64) -> f64 {
        let place = ((value - self.range.low) / (self.range.high - self.range.low)).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM)
    }
}

fn x(at: f64) -> f64 {
    LEFT + at.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
}

fn class(role: Role) -> String {
    match role {
        Role::Series(n) => format!("s{n}"),
        _ => "s1".to_owned(),
    }
}

/// A series in one line of text, lowest to highest; a missing value leaves a gap. Nothing where nothing is known.
pub fn spark(values: &[Option<f64>]) -> String {
    const STEP: f64 = 4.0;
    const TALL: f64 = 16.0;
    let known = || values.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    if known().next().is_none() {
        return String::new();
    }
    let width = STEP * values.len() as f64;
    let mut out = format!(
        "<svg class=\"spark\" viewBox=\"0 0 {width} {TALL}\" width=\"{width}\" height=\"{TALL}\" aria-hidden=\"true\">"
    );
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        let place = if high > low { (value - low) / (high - low) } else { 0.0 };
        let tall = 1.0 + place * (TALL - 1.0);
        let _ = write!(
            out,
            "<rect class=\"s1\" x=\"{}\" y=\"{:.1}\" width=\"3\" height=\"{tall:.1}\"/>",
            at as f64 * STEP,
            TALL - tall
        );
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(points: &[(f64, f64)], events: &[(f64, String)]) -> String {
        let series = [Series { points: points.to_vec(), role: Role::Series(1), stroke: Stroke::Thick }];
        let chart = Chart {
            about: "a \"chart\"",
            series: &series,
            range: Range { low: 0.0, high: 100.0 },
            label: &super::super::format::tick,
            marks: &[(0.0, "1".into()), (1.0, "<30>".into())],
            events,
        };
        chart.draw()
    }

    #[test]
    fn a_line_goes_from_the_lower_left_to_the_upper_right() {
        let svg = drawn(&[(0.0, 0.0), (1.0, 100.0)], &[]);
        assert!(svg.contains("<polyline class=\"s1\" points=\"56.0,216.0 712.0,16.0\"/>"), "{svg}");
        assert!(svg.contains("aria-label=\"a &quot;chart&quot;\"") && svg.contains(">&lt;30&gt;</text>"), "{svg}");
        assert!(svg.contains(">50</text>"), "{svg}");
    }

    #[test]
    fn one_point_is_a_dot_and_none_is_nothing() {
        assert!(drawn(&[(0.5, 50.0)], &[]).contains("<circle class=\"s1\" cx=\"384.0\" cy=\"116.0\" r=\"3\"/>"));
        let empty = drawn(&[], &[]);
        assert!(!empty.contains("polyline") && !empty.contains("circle"), "{empty}");
    }

    #[test]
    fn an_event_stands_over_its_day() {
        let svg = drawn(&[(0.0, 0.0), (1.0, 1.0)], &[(0.5, "1".into())]);
        assert!(svg.contains("<line class=\"event\" x1=\"384.0\" y1=\"16\" x2=\"384.0\" y2=\"216.0\"/>"), "{svg}");
    }

    #[test]
    fn a_gap_is_no_bar() {
        let svg = spark(&[Some(1.0), None, Some(3.0)]);
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains("x=\"8\" y=\"0.0\" width=\"3\" height=\"16.0\""), "{svg}");
        assert_eq!(spark(&[None, None]), "");
    }
}
