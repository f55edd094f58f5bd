// The picture as SVG (to look at), draw.io (to edit) and Mermaid (in a README).
#include <algorithm>
#include <string>

#include "generator/diagram.hpp"
#include "sim/decimal.hpp"

namespace shopsim::generator {

namespace {

std::string xml(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&apos;"; break;
      default: result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

/// Cut to what fits into a box of this width at this many pixels a character.
std::string fitting(const std::string& text, int width, int pixels) {
  const auto most = static_cast<std::size_t>(std::max(4, (width - 12) / pixels));
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) continue;
    if (++characters > most) return text.substr(0, at) + "...";
  }
  return text;
}

const Box& find_box(const Diagram& diagram, const std::string& id) {
  return *std::find_if(diagram.boxes.begin(), diagram.boxes.end(),
                       [&](const Box& box) { return box.id == id; });
}

std::string attribute_text(const char* name, int value) {
  return std::string(" ") + name + "=\"" + std::to_string(value) + '"';
}

std::string rectangle(const Box& box) {
  return attribute_text("x", box.x) + attribute_text("y", box.y) +
         attribute_text("width", box.width) + attribute_text("height", box.height);
}

std::string svg_text(int x, int y, const char* style, const std::string& words) {
  return "<text class=\"" + std::string(style) + '"' + attribute_text("x", x) +
         attribute_text("y", y) + '>' + xml(words) + "</text>\n";
}

/// The tip of an arrow.
std::string marker(const char* id, const char* colour) {
  return "<marker id=\"" + std::string(id) +
         "\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
         "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"" + colour + "\"/></marker>";
}

std::string path_text(const std::vector<Point>& path) {
  std::string text;
  for (const Point& point : path) {
    text += (text.empty() ? 'M' : 'L') + std::to_string(point.x) + ' ' + std::to_string(point.y);
  }
  return text;
}

/// Where on a box's border a way begins or ends, as draw.io says it: from 0 to 1 each way.
std::string anchor_text(const char* end, const Box& box, const Point& point) {
  const auto share = [](int at, int from, int length) {
    return sim::rounded_text(static_cast<double>(at - from) / static_cast<double>(length), 4);
  };
  return std::string(end) + "X=" + share(point.x, box.x, box.width) + ';' + end + "Y=" +
         share(point.y, box.y, box.height) + ';' + end + "Perimeter=0;";
}

}  // namespace

std::string to_svg(const Diagram& diagram) {
  const std::string size = std::to_string(diagram.width) + ' ' + std::to_string(diagram.height);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"" +
                    attribute_text("width", diagram.width) +
                    attribute_text("height", diagram.height) + " viewBox=\"0 0 " + size +
                    "\" font-family=\"sans-serif\" font-size=\"13\">\n"
                    "<title>Architecture</title>\n<style>.paper{fill:#fff}.area{fill:#f4f7fa;"
                    "fill-opacity:.6;stroke:#7a8ba0;stroke-width:1}.node{fill:#fff;stroke:#1d4f91;"
                    "stroke-width:1.5}.way{fill:none;stroke:#b35900;stroke-width:1.5}"
                    ".copy{stroke-dasharray:5 4;stroke:#1d4f91}"
                    ".label{fill:#333}.range,.detail{fill:#555;font-size:11px}"
                    ".middle,.detail{text-anchor:middle}</style>\n"
                    "<defs>" + marker("tip", "#b35900") + marker("copy-tip", "#1d4f91") +
                    "</defs>\n<rect class=\"paper\"" +
                    attribute_text("width", diagram.width) +
                    attribute_text("height", diagram.height) + "/>\n";
  for (const Box& box : diagram.boxes) {
    if (box.kind != BoxKind::area) continue;
    svg += "<rect class=\"area\" rx=\"4\"" + rectangle(box) + "/>\n";
  }
  for (const Connection& way : diagram.connections) {
    const bool copies = way.kind == ConnectionKind::copy;
    svg += std::string("<path class=\"way") + (copies ? " copy" : "") + "\" marker-end=\"url(#" +
           (copies ? "copy-tip" : "tip") + ")\" d=\"" + path_text(way.path) + "\"><title>" +
           xml(way.label) + "</title></path>\n";
  }
  for (const Box& box : diagram.boxes) {
    if (box.kind == BoxKind::area) {
      const int room = box.gutter > 0 ? box.gutter : box.width;
      const int y = box.gutter > 0 ? box.y + box.height / 2 - 4 : box.y + 19;
      svg += svg_text(box.x + 8, y, "label", fitting(box.label, room, 7));
      if (!box.detail.empty()) {
        svg += svg_text(box.x + 8, y + 18, "range", fitting(box.detail, room, 6));
      }
      continue;
    }
    svg += "<rect class=\"node\" rx=\"4\"" + rectangle(box) + "/>\n";
    const int middle = box.x + box.width / 2;
    svg += svg_text(middle, box.y + (box.detail.empty() ? 33 : 25), "middle",
                    fitting(box.label, box.width, 7));
    if (!box.detail.empty()) {
      svg += svg_text(middle, box.y + 43, "detail", fitting(box.detail, box.width, 6));
    }
  }
  return svg + "</svg>\n";
}

std::string to_drawio(const Diagram& diagram) {
  std::string cells;
  for (const Box& box : diagram.boxes) {
    const bool area = box.kind == BoxKind::area;
    std::string label = box.label;
    if (!box.detail.empty()) label += "\n" + box.detail;
    std::string escaped;  // a line break inside an attribute
    for (const char c : label) escaped += c == '\n' ? std::string("&#xa;") : xml({&c, 1});
    const Box* parent = box.parent.empty() ? nullptr : &find_box(diagram, box.parent);
    cells += "        <mxCell id=\"" + xml(box.id) + "\" value=\"" + escaped +
             "\" style=\"rounded=1;arcSize=4;whiteSpace=wrap;html=0;" +
             (area ? "container=1;collapsible=0;align=left;spacingLeft=8;fillColor=#f4f7fa;"
                     "strokeColor=#7a8ba0;verticalAlign="
                   : "fillColor=#ffffff;strokeColor=#1d4f91;verticalAlign=") +
             (area && box.gutter == 0 ? "top;" : "middle;") +
             "\" vertex=\"1\" parent=\"" + (parent ? xml(box.parent) : "1") +
             "\"><mxGeometry" + attribute_text("x", parent ? box.x - parent->x : box.x) +
             attribute_text("y", parent ? box.y - parent->y : box.y) +
             attribute_text("width", box.width) + attribute_text("height", box.height) +
             " as=\"geometry\"/></mxCell>\n";
  }
  for (std::size_t i = 0; i < diagram.connections.size(); ++i) {
    const Connection& way = diagram.connections[i];
    std::string corners;
    for (std::size_t p = 1; p + 1 < way.path.size(); ++p) {
      corners += "<mxPoint" + attribute_text("x", way.path[p].x) +
                 attribute_text("y", way.path[p].y) + "/>";
    }
    if (!corners.empty()) corners = "<Array as=\"points\">" + corners + "</Array>";
    cells += "        <mxCell id=\"way-" + std::to_string(i + 1) + "\" value=\"" +
             xml(way.label) + "\" style=\"endArrow=block;rounded=0;strokeColor=" +
             (way.kind == ConnectionKind::copy ? "#1d4f91;dashed=1;" : "#b35900;") +
             anchor_text("exit", find_box(diagram, way.from), way.path.front()) +
             anchor_text("entry", find_box(diagram, way.to), way.path.back()) +
             "\" edge=\"1\" parent=\"1\" source=\"" + xml(way.from) + "\" target=\"" +
             xml(way.to) + "\"><mxGeometry relative=\"1\" as=\"geometry\">" + corners +
             "</mxGeometry></mxCell>\n";
  }
  return "<mxfile host=\"shopsim\">\n  <diagram name=\"Architecture\">\n    <mxGraphModel" +
         attribute_text("pageWidth", diagram.width) +
         attribute_text("pageHeight", diagram.height) +
         ">\n      <root>\n        <mxCell id=\"0\"/>\n        <mxCell id=\"1\" parent=\"0\"/>\n" +
         cells + "      </root>\n    </mxGraphModel>\n  </diagram>\n</mxfile>\n";
}

namespace {

std::string mermaid_id(const std::string& id) {
  std::string result = id;
  std::replace(result.begin(), result.end(), '-', '_');
  return result;
}

/// A label inside quotes: Mermaid reads entities of its own.
std::string mermaid_label(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("\"<>#&;`").find(c) != std::string_view::npos) {
      result += '#' + std::to_string(static_cast<int>(c)) + ';';
    } else {
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

void mermaid_inside(const Diagram& diagram, const std::string& parent, std::size_t depth,
                    std::string& out) {
  const std::string margin(2 * depth, ' ');
  for (const Box& box : diagram.boxes) {
    if (box.parent != parent) continue;
    const std::string label = mermaid_label(box.label) +
                              (box.detail.empty() ? "" : "<br/>" + mermaid_label(box.detail));
    if (box.kind == BoxKind::node) {
      out += margin + mermaid_id(box.id) + "[\"" + label + "\"]\n";
      continue;
    }
    out += margin + "subgraph " + mermaid_id(box.id) + "[\"" + label + "\"]\n";
    mermaid_inside(diagram, box.id, depth + 1, out);
    out += margin + "end\n";
  }
}

}  // namespace

std::string to_mermaid(const Diagram& diagram) {
  std::string out = "flowchart TB\n";
  mermaid_inside(diagram, "", 1, out);
  for (const Connection& way : diagram.connections) {
    out += "  " + mermaid_id(way.from) + " -->|\"" + mermaid_label(way.label) + "\"| " +
           mermaid_id(way.to) + '\n';
  }
  return out;
}

}  // namespace shopsim::generator
