"""Stage 1, read: what LaTeX commands and accents stand for in Unicode (tables for `clean`, names as in TeX, LaTeX2e and amsmath)."""

from __future__ import annotations

_GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega "
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varepsilon vartheta varphi varrho varsigma varkappa varpi digamma".split(),
        "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω ε ϑ φ ϱ ς ϰ ϖ ϝ".split(),
        strict=True,
    )
)
_OPERATORS = dict(
    pair.split("=", 1)
    for pair in (
        "times=× cdot=· ast=* star=⋆ circ=∘ bullet=• div=÷ pm=± mp=∓ oplus=⊕ otimes=⊗ odot=⊙ ominus=⊖ wedge=∧ vee=∨ cap=∩ cup=∪ setminus=∖ sqcup=⊔ "
        "leq=≤ le=≤ leqslant=≤ geq=≥ ge=≥ geqslant=≥ neq=≠ ne=≠ ll=≪ gg=≫ lt=< gt=> approx=≈ approxeq=≊ sim=∼ simeq=≃ cong=≅ equiv=≡ propto=∝ asymp=≍ "
        "lesssim=≲ gtrsim=≳ prec=≺ succ=≻ preceq=⪯ succeq=⪰ doteq=≐ triangleq=≜ coloneqq=≔ "
        "in=∈ notin=∉ ni=∋ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ subsetneq=⊊ emptyset=∅ varnothing=∅ forall=∀ exists=∃ nexists=∄ neg=¬ lnot=¬ "
        "to=→ rightarrow=→ leftarrow=← leftrightarrow=↔ Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔ implies=⇒ iff=⇔ mapsto=↦ longrightarrow=→ longleftarrow=← "
        "Longrightarrow=⇒ uparrow=↑ downarrow=↓ updownarrow=↕ nearrow=↗ searrow=↘ hookrightarrow=↪ leadsto=⇝ rightsquigarrow=⇝ rightleftharpoons=⇌ "
        "infty=∞ partial=∂ nabla=∇ sum=∑ prod=∏ coprod=∐ int=∫ iint=∬ oint=∮ bigcup=⋃ bigcap=⋂ bigoplus=⨁ bigotimes=⨂ surd=√ prime=′ angle=∠ perp=⊥ "
        "parallel=∥ mid=| nmid=∤ vert=| Vert=‖ lvert=| rvert=| lVert=‖ rVert=‖ langle=⟨ rangle=⟩ lceil=⌈ rceil=⌉ lfloor=⌊ rfloor=⌋ lbrace={ rbrace=} "
        "lbrack=[ rbrack=] backslash=\\ top=⊤ bot=⊥ vdash=⊢ dashv=⊣ models=⊨ vDash=⊨ therefore=∴ because=∵ triangle=△ square=□ Box=□ blacksquare=■ "
        "diamond=⋄ Diamond=◇ clubsuit=♣ heartsuit=♥ spadesuit=♠ checkmark=✓ cmark=✓ xmark=✗ dagger=† ddagger=‡ dag=† ddag=‡ aleph=ℵ hbar=ℏ ell=ℓ wp=℘ "
        "Re=ℜ Im=ℑ "
        "ldots=… dots=… cdots=⋯ vdots=⋮ ddots=⋱ dotsc=… dotsb=⋯ textellipsis=… colon=: degree=° textdegree=° celsius=℃ angstrom=Å "
        "percent=% textpercent=% textendash=– textemdash=— textasciitilde=~ textasciicircum=^ textbackslash=\\ textunderscore=_ textbar=| textless=< "
        "textgreater=> "
        "textquotedblleft=“ textquotedblright=” textquoteleft=‘ textquoteright=’ textquotesingle=' textbullet=• textregistered=® texttrademark=™ "
        "textcopyright=© "
        "textmu=µ textdollar=$ textbraceleft={ textbraceright=} texttimes=× textpm=± pounds=£ euro=€ S=§ P=¶ copyright=© lq=‘ rq=’ "
        "ss=ß o=ø O=Ø l=ł L=Ł ae=æ AE=Æ oe=œ OE=Œ aa=å AA=Å i=ı j=ȷ dh=ð DH=Ð th=þ TH=Þ ng=ŋ NG=Ŋ dj=đ DJ=Đ "
        "TeX=TeX LaTeX=LaTeX BibTeX=BibTeX LaTeXe=LaTeX2e eg=e.g. ie=i.e. etc=etc. etal=et_al."
    ).split()
)
_OPERATORS["etal"] = "et al."
_FUNCTIONS = {
    name: name
    for name in (
        "log ln lg exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan max min sup inf lim limsup liminf arg argmax argmin det dim ker "
        "deg gcd hom Pr"
    ).split()
}
SYMBOLS: dict[str, str] = {**_GREEK, **_OPERATORS, **_FUNCTIONS}
"""Command name (without its backslash) to the text it prints."""

WRAPPERS = frozenset(
    "textbf textit textsc texttt textrm textsf textsl textup textmd textnormal text emph em underline uline mathrm mathbf mathit mathsf mathtt "
    "mathcal mathscr "
    "mathfrak mathbb mathnormal boldsymbol bm bf it tt sc sf rm sl bfseries itshape ttfamily sffamily rmfamily scshape mbox hbox fbox operatorname "
    "ensuremath "
    "textsuperscript textsubscript overline underbrace overbrace widehat widetilde overrightarrow vec mathop mathbin mathrel centering noindent displaystyle "
    "textstyle scriptstyle left right big Big bigg Bigg bigl bigr Bigl Bigr tiny small footnotesize scriptsize normalsize large Large huge Huge par "
    "item xspace "
    "title author abstract maketitle mathopen mathclose mathpunct phantom limits nolimits protect relax unskip ignorespaces sout ul st texorpdfstring "
    "num si SI "
    "section subsection paragraph caption indent newline linebreak smallskip medskip bigskip break allowbreak nobreak up textnumero mathds mathbbm "
    "selectfont".split()
)
"""Commands that print only their argument (or nothing)."""

DROPPED = frozenset(
    "cite citep citet citealp citeauthor citeyear parencite textcite autocite nocite ref eqref autoref cref Cref label vspace hspace color thanks "
    "includegraphics input bibliography bibliographystyle index footnotemark begin end hskip vskip".split()
)
"""Commands whose argument is no text for a reader."""

SPACES = {"quad": " ", "qquad": " ", "enspace": " ", "space": " ", "thinspace": " ", "par": " ", "newline": " ", "item": " ", "linebreak": " ", "hfill": " "}
"""Commands that leave a gap."""

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308", "r": "\u030a",
    "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
    "grave": "\u0300", "acute": "\u0301", "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "breve": "\u0306", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "mathring": "\u030a", "widehat": "\u0302", "widetilde": "\u0303", "vec": "\u20d7",
}  # fmt: skip
"""Accent command to the combining character it puts on its letter."""

SUPERSCRIPT = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
SUBSCRIPT = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}

DOUBLE_STRUCK = dict(zip("CHNPQRZE", "ℂℍℕℙℚℝℤ𝔼", strict=True))

BLOCK_TAGS = frozenset("p br li ul ol div h1 h2 h3 h4 h5 h6 tr td th table section title hr jats:p jats:title jats:sec jats:list jats:list-item".split())
INLINE_TAGS = frozenset(
    "a b i u em strong sub sup span font tt code small big s strike del ins mark q cite abbr center blockquote pre img tbody thead label "
    "jats:italic jats:bold jats:sub jats:sup jats:sc jats:monospace jats:inline-formula jats:tex-math jats:ext-link jats:xref jats:alternatives "
    "jats:underline "
    "inline-formula tex-math alternatives italic bold sc monospace ext-link xref underline fixed-case "
    "math mml:math mi mn mo mrow msub msup mfrac msqrt mtext mspace mstyle semantics mml:mi mml:mn mml:mo mml:mrow mml:msub mml:msup mml:mfrac "
    "mml:msqrt mml:mtext mml:mspace mml:mstyle mml:semantics inf".split()
)
