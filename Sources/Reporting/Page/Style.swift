/// How a page looks. Colours of series are told apart by people who see no red or no green, and
/// every series has a shape and a dash of its own besides.
enum Style {
    static let sheet = colors + marks + page

    private static let colors = """
        :root{--paper:#fff;--card:#fff;--ink:#1c2430;--soft:#5a6675;--rule:#d9dfe6;--grid:#e8ecf0;\
        --link:#0b5cad;--good:#0a6b46;--bad:#a8261b;--warn:#8a5a00;--mark:#fff3cf;\
        --s0:#0b62b8;--s1:#b84a00;--s2:#1a7f4f;--s3:#8a3fa6;--s4:#9a6a00;--s5:#b0215e;--s6:#00747f;\
        --s7:#555e68;--h0:#eef4fb;--h1:#cfe1f4;--h2:#a5c8ea;--h3:#6fa5d8;--h4:#2f76b8;--hi:#fff}
        @media (prefers-color-scheme:dark){:root{--paper:#14181d;--card:#1a2027;--ink:#e6ebf0;\
        --soft:#a3afbc;--rule:#37414c;--grid:#2a323b;--link:#7ab8f5;--good:#5fd0a0;--bad:#ff8f84;\
        --warn:#f0c060;--mark:#4a3d12;--s0:#6fb2f2;--s1:#f59a5c;--s2:#62cf9c;--s3:#d09be8;\
        --s4:#e0b84a;--s5:#f58ab5;--s6:#55c8d2;--s7:#b3bcc6;--h0:#1d2a38;--h1:#234261;--h2:#2a5c8c;\
        --h3:#3b7fbd;--h4:#7ab8f5;--hi:#0c1116}}
        """

    private static let page = """
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1500px;padding:20px clamp(12px,3vw,40px) 40px;\
        background:var(--paper);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
        overflow-wrap:anywhere}
        h1{font-size:clamp(21px,3vw,30px);line-height:1.2;margin:0 0 8px}
        h2{font-size:19px;margin:36px 0 4px;padding-top:14px;border-top:1px solid var(--rule)}
        h3{font-size:16px;margin:20px 0 4px}
        p{margin:6px 0;max-width:80ch}
        a{color:var(--link)}
        nav{display:flex;flex-wrap:wrap;gap:2px 16px;margin:14px 0 0;font-size:14px}
        .verdict{display:inline-block;border:2px solid;border-radius:6px;padding:1px 9px;\
        font-weight:700;margin:0 6px 4px 0}
        .good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
        .soft,.none{color:var(--soft)}
        ul.warnings{margin:10px 0;padding:8px 14px 8px 32px;border-left:4px solid var(--warn);\
        background:var(--mark);max-width:90ch}
        .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));\
        gap:16px;margin:12px 0;align-items:start}
        figure{margin:0;border:1px solid var(--rule);border-radius:8px;padding:12px;\
        background:var(--card);min-width:0}
        figure.wide{grid-column:1/-1}
        figure.wide .scroll>svg{min-width:680px;max-width:1080px}
        figcaption{margin-bottom:8px}
        figcaption b{display:block;line-height:1.3}
        figcaption span{display:block;color:var(--soft);font-size:13px;line-height:1.35;\
        margin-top:3px}
        svg{display:block;width:100%;height:auto;font:11px system-ui,-apple-system,"Segoe UI",\
        Roboto,"Noto Sans",sans-serif}
        .empty{color:var(--soft);border:1px dashed var(--rule);border-radius:6px;padding:22px 14px}
        ul.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:6px 0 0;\
        padding:0;font-size:13px}
        ul.legend li{display:flex;align-items:center;gap:6px;min-width:0}
        svg.swatch{width:28px;height:12px;flex:none}
        details{margin-top:8px;font-size:13.5px}
        summary{cursor:pointer;color:var(--soft)}
        .scroll{overflow-x:auto;max-width:100%}
        table{border-collapse:collapse;font-size:13.5px;margin:6px 0}
        th,td{text-align:left;padding:3px 10px 3px 0;border-bottom:1px solid var(--grid);\
        vertical-align:top;overflow-wrap:normal}
        .long{overflow-wrap:anywhere;min-width:18ch;max-width:44ch}
        thead th{color:var(--soft);font-weight:600;vertical-align:bottom}
        tbody th{font-weight:500}
        .n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal;\
        white-space:nowrap}
        thead .n{white-space:normal}
        th button{all:unset;cursor:pointer}
        th button:focus-visible,.scroll:focus-visible,summary:focus-visible{\
        outline:2px solid var(--link)}
        input.filter{font:inherit;color:inherit;background:var(--paper);\
        border:1px solid var(--rule);border-radius:6px;padding:4px 8px;margin:6px 0;width:min(100%,28ch)}
        pre,code{font:12.5px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
        pre{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:12px;\
        overflow-x:auto;max-width:100%;overflow-wrap:normal;margin:8px 0}
        mark{background:var(--mark);color:inherit;font-weight:700}
        dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 16px;margin:8px 0;\
        max-width:100ch}
        dt{color:var(--soft)}dd{margin:0}
        @media (max-width:520px){dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:6px}}
        footer{margin-top:40px;color:var(--soft);font-size:13px}
        @media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--grid:#ddd}\
        body{max-width:none;font-size:11pt}nav,input.filter{display:none}figure{break-inside:avoid}\
        .scroll{overflow:visible}pre{white-space:pre-wrap}}
        """

    /// How pictures look, in a page or by themselves.
    static let marks = """
        .tick{fill:var(--soft);font-size:11px}.title{fill:var(--soft);font-size:11px}
        .label{fill:var(--ink);font-size:12px}.value{fill:var(--ink);font-size:12px;\
        font-weight:600;font-variant-numeric:tabular-nums}
        text{unicode-bidi:plaintext}.middle{text-anchor:middle}.end{text-anchor:end}
        .grid{stroke:var(--grid);fill:none}.axis{stroke:var(--soft);fill:none}
        .zero{stroke:var(--ink);fill:none}.best{stroke:var(--soft);stroke-dasharray:2 3;fill:none}
        .line{fill:none;stroke-width:2;stroke-linejoin:round}.dot{stroke:none}
        .points{fill:none;stroke-width:6;stroke-linecap:round;opacity:.75}
        .thin{fill:none;stroke-width:1.3;opacity:.8}
        .halo{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
        .thin.first{stroke-width:2.6;opacity:1}.range{stroke:var(--s0);stroke-width:2;fill:none}
        .reference{stroke:var(--ink);stroke-width:1.6;fill:var(--card)}
        .bar{fill:var(--s0)}.bar.other{fill:var(--s1)}.bed{fill:var(--grid)}
        .allowance{fill:var(--grid);stroke:var(--soft);stroke-dasharray:3 2}
        .worse{stroke:var(--bad);fill:var(--bad)}.better{stroke:var(--good);fill:var(--good)}
        .rest{stroke:var(--rule)}.dot.rest{fill:var(--rule)}
        .neutral{stroke:var(--soft)}.dot.neutral{fill:var(--soft)}.front{stroke:var(--ink);fill:none;stroke-width:1.5;\
        stroke-dasharray:5 3}
        .s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}
        .s4{stroke:var(--s4)}.s5{stroke:var(--s5)}.s6{stroke:var(--s6)}.s7{stroke:var(--s7)}
        .dot.s0{fill:var(--s0)}.dot.s1{fill:var(--s1)}.dot.s2{fill:var(--s2)}.dot.s3{fill:var(--s3)}
        .dot.s4{fill:var(--s4)}.dot.s5{fill:var(--s5)}.dot.s6{fill:var(--s6)}.dot.s7{fill:var(--s7)}
        .line.s1{stroke-dasharray:7 3}.line.s2{stroke-dasharray:2 3}
        .line.s3{stroke-dasharray:8 3 2 3}
        .line.s4{stroke-dasharray:12 4}.line.s5{stroke-dasharray:4 2}.line.s6{stroke-dasharray:1 4}
        .line.s7{stroke-dasharray:10 2 2 2 2 2}
        .h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}
        .h4{fill:var(--h4)}
        .on-h3,.on-h4{fill:var(--hi)}

        """

    /// The colours and marks for a picture that stands in no page.
    static let picture = colors + "\n" + marks
}
