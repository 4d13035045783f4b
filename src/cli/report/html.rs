//! A report as one page: no script, no other file, light or dark as the reader's system is.

use std::fmt::Write as _;

use crate::ui::markup::html;
use crate::ui::svg;

use super::super::table::Table;
use super::{Report, Section, read};

/// Colours by meaning; the two palettes keep text legible on each step of the heat scale.
const STYLE: &str = "\
:root{color-scheme:light dark;--bg:#fff;--fg:#1a1d21;--muted:#626a73;--line:#d9dde2;--good:#0b62a8;--warn:#8a5a00;\
--bad:#b3400a;--s3:#8a4f9e;--heat:11,98,168}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e6e8eb;--muted:#9aa3ad;--line:#343a41;--good:#6db3f2;\
--warn:#e0b04c;--bad:#ff9a5c;--s3:#c99adb;--heat:109,179,242}}
body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid var(--line)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;color:var(--muted);margin:0}dd{margin:0}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.15rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--muted);font-weight:600}.n{text-align:right;white-space:nowrap}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad);font-weight:600}.muted,.note{color:var(--muted)}
.h0{background:rgba(var(--heat),.02)}.h1{background:rgba(var(--heat),.06)}.h2{background:rgba(var(--heat),.1)}\
.h3{background:rgba(var(--heat),.14)}.h4{background:rgba(var(--heat),.18)}.h5{background:rgba(var(--heat),.22)}\
.h6{background:rgba(var(--heat),.26)}.h7{background:rgba(var(--heat),.3)}.h8{background:rgba(var(--heat),.35)}\
.h9{background:rgba(var(--heat),.4)}
svg.chart{width:100%;height:auto}svg text{fill:var(--muted);font-size:12px}
.side{text-anchor:end}.below{text-anchor:middle}.grid{stroke:var(--line)}.event{stroke:var(--warn);stroke-dasharray:2 3}
polyline{fill:none;stroke-width:2}polyline.s1{stroke:var(--fg)}polyline.s3{stroke:var(--s3)}\
.dotted{stroke-dasharray:2 5}circle.s1,rect.s1{fill:var(--fg)}circle.s3{fill:var(--s3)}
@media print{body{max-width:none;margin:0}h2{break-after:avoid}tr,svg{break-inside:avoid}}
";

/// The whole page. The policy in its head keeps a reader's browser from running or fetching anything.
pub fn written(report: &Report) -> String {
    let title = html(&report.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<dl>\n"
    );
    for (name, value) in &report.facts {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", html(&name.replace('_', " ")), html(value));
    }
    out.push_str("</dl>\n");
    for section in &report.sections {
        part(&mut out, section);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn part(out: &mut String, section: &Section) {
    let _ = writeln!(out, "<section>\n<h2>{}</h2>", html(&section.title));
    for line in &section.notes {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", html(line));
    }
    if let Some(chart) = &section.chart {
        out.push_str(chart);
        out.push('\n');
    }
    for line in &section.legend {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", html(line));
    }
    if let Some(table) = &section.table {
        rows(out, section, table);
    }
    out.push_str("</section>\n");
}

fn rows(out: &mut String, section: &Section, table: &Table) {
    let numeric: Vec<bool> = (0..table.columns.len()).map(|column| table.is_numeric(column)).collect();
    out.push_str("<div class=\"wide\">\n<table>\n<thead><tr>");
    for (name, numeric) in table.columns.iter().zip(&numeric) {
        let class = if *numeric { " class=\"n\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", html(&name.replace('_', " ")));
    }
    if !section.trends.is_empty() {
        out.push_str("<th scope=\"col\">28 days</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (at, row) in table.rows.iter().enumerate() {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let side = numeric.get(column).copied().unwrap_or_default().then_some("n");
            let classes: Vec<&str> = side.into_iter().chain(section.tone(at, column)).collect();
            let class = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
            let _ = write!(out, "<td{class}>{}</td>", html(&read(cell)));
        }
        if let Some(trend) = section.trends.get(at) {
            let _ = write!(out, "<td>{}</td>", svg::spark(trend));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}
