// Names that every file of the page uses. The files are joined in the order of network.py into one strict script.
const page = JSON.parse(document.getElementById("kg-data").textContent);
const $ = (id) => document.getElementById(id);
const ALPHABET = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((c) => !"\"'&<>\\".includes(c)).join("");
const BASE = ALPHABET.length / 2;
const POLARITIES = ["asserted", "negated", "hypothetical", "prior work", "joined"];
const KG = "https://w3id.org/kgraph/ns#";
const ID = "https://w3id.org/kgraph/id/";
const MARK = "\u2068";
const UNMARK = "\u2069";
