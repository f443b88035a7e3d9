// What the browser tests ask of a page. The whole file is one expression; each question is asked anew, so nothing of it stays in the page.
(() => {
  const norm = (s) => (s || '').normalize('NFC').replace(/\u00ad/g, '').replace(/[\s\u00a0\u2009\u202f]+/g, ' ').trim();
  const short = (s) => { const n = norm(s); return n.length > 60 ? n.slice(0, 60) + '…' : n; };
  const describe = (n) => {
    const e = n && n.nodeType === 1 ? n : n && n.parentElement;
    if (!e) return '(gone)';
    const id = e.id ? '#' + e.id : '', cls = [...e.classList].slice(0, 3).map((c) => '.' + c).join('');
    return `<${e.localName}${id}${cls}> "${short(e.innerText || e.value || '')}"`;
  };
  const visible = (e) => {
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
    const r = e.getBoundingClientRect();
    return r.width > 1 && r.height > 1;
  };
  const words = (e) => norm(e.localName === 'input' ? e.value : e.innerText) || norm(e.getAttribute('aria-label')) ||
    norm([...e.querySelectorAll('img[alt],[aria-label],svg title')].map((i) => i.alt || i.getAttribute('aria-label') || i.textContent).join(' '));
  // best gives the first visible candidate whose words are the wanted ones, else begin with them, else hold them.
  const best = (list, of, wanted) => {
    const want = norm(wanted).toLowerCase(), found = list.map((e) => [e, of(e).toLowerCase()]).filter(([, w]) => w.includes(want));
    const hit = found.find(([, w]) => w === want) || found.find(([, w]) => w.startsWith(want)) || found[0];
    return hit && hit[0];
  };
  // scopes reads "group > words": the parts of the page under a legend, a heading or a name, the nearest ones first, then the items of lists that hold the
  // group's words, and what is looked for in them.
  const scopes = (what) => {
    const cut = what.lastIndexOf(' > ');
    if (cut < 0) return [[document], what];
    const name = norm(what.slice(0, cut)).toLowerCase();
    const groups = [...document.querySelectorAll('fieldset,section,article,li,tr,form,nav,[role=group],[role=radiogroup]')].filter(visible)
      .sort((a, b) => a.querySelectorAll('*').length - b.querySelectorAll('*').length);
    const title = (g) => (groupName(g) || norm((g.querySelector('legend,h1,h2,h3,h4,h5,th,caption') || {}).innerText)).toLowerCase();
    const exact = groups.filter((g) => title(g) === name), part = groups.filter((g) => title(g) !== name && title(g).includes(name));
    const items = groups.filter((g) => g.matches('li,tr,article') && norm(g.innerText).toLowerCase().includes(name));
    return [[...exact, ...part, ...items], what.slice(cut + 3)];
  };
  const within = (what) => { const [list, wanted] = scopes(what); return [list[0] || null, wanted]; };
  const byIDs = (ids) => norm((ids || '').split(/\s+/).map((i) => (document.getElementById(i) || {}).innerText || '').join(' '));
  const groupName = (g) => norm((g.querySelector(':scope > legend') || {}).innerText) || byIDs(g.getAttribute('aria-labelledby')) || norm(g.getAttribute('aria-label'));
  const top = (e, x, y) => {
    const at = document.elementFromPoint(x, y);
    if (!at) return 'outside the window';
    if (e === at || e.contains(at) || (at.contains(e) && at.localName === 'label') || (e.labels && [...e.labels].some((l) => l.contains(at)))) return '';
    return 'covered by ' + describe(at);
  };
  const point = (e) => {
    e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const all = [...e.getClientRects()].filter((r) => r.width > 1 && r.height > 1);
    let why = 'it has no size';
    for (const r of all.length ? all : [e.getBoundingClientRect()]) {
      for (const [x, y] of [[r.left + r.width / 2, r.top + r.height / 2], [r.left + Math.min(10, r.width / 2), r.top + r.height / 2]]) {
        why = top(e, x, y);
        if (!why) return {x, y};
      }
    }
    return {error: `${describe(e)} is ${why}`};
  };
  const off = (e) => e.disabled || e.matches(':disabled') || e.getAttribute('aria-disabled') === 'true';
  const clickables = 'a[href],button,summary,input[type=submit],input[type=button],input[type=reset],[role=button],[role=tab],[role=menuitem],[role=link],label';
  const clickable = (what) => {
    let e;
    if (/^[#.[]/.test(what)) {
      e = document.querySelector(what);
    } else {
      const [list, wanted] = scopes(what);
      if (!list.length) return {error: `no group has the name of ${what}`};
      for (const scope of list) if ((e = best([...scope.querySelectorAll(clickables)].filter(visible), words, wanted))) break;
    }
    if (!e) return {error: `nothing to click has the words ${what}`};
    if (off(e)) return {error: `${describe(e)} is disabled`};
    return point(e);
  };
  const labelText = (l) => norm(l.innerText || l.textContent).replace(/[\s*:]+$/, '');
  // controls pairs every control with its name: a label, what aria-labelledby names, or an aria-label.
  const controls = (scope) => {
    const out = [];
    for (const c of scope.querySelectorAll('input:not([type=hidden]),select,textarea,[contenteditable=true]')) {
      const names = [...(c.labels || [])].map((l) => {
        const copy = l.cloneNode(true);
        copy.querySelectorAll('input,select,textarea').forEach((x) => x.remove());
        return l.contains(c) ? norm(copy.textContent).replace(/[\s*:]+$/, '') : labelText(l);
      });
      const name = names.find(Boolean) || byIDs(c.getAttribute('aria-labelledby')) || norm(c.getAttribute('aria-label'));
      if (name) out.push([c, name]);
    }
    return out;
  };
  const field = (label, kinds) => {
    const [scope, wanted] = within(label);
    if (!scope) return null;
    const all = controls(scope).filter(([c]) => kinds(c) && (visible(c) || [...(c.labels || [])].some(visible)));
    return best(all.map(([c]) => c), (c) => all.find(([x]) => x === c)[1], wanted);
  };
  const ticks = (c) => c.type === 'checkbox' || c.type === 'radio';
  const put = (c, value) => {
    const proto = c.localName === 'select' ? HTMLSelectElement : c.localName === 'textarea' ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(c, value);
    c.dispatchEvent(new Event('input', {bubbles: true}));
    c.dispatchEvent(new Event('change', {bubbles: true}));
  };
  const focusField = (label, value) => {
    const c = field(label, (x) => !ticks(x) && x.type !== 'file');
    if (!c) return {Error: `no field has the label ${label}; there are ${controls(document).map(([, n]) => n).join(' | ')}`};
    if (c.localName === 'select') return {Error: `${label} is a list: Choose an option`};
    if (off(c) || c.readOnly) return {Error: `${label} can't be changed`};
    if (!visible(c)) return {Error: `the field ${label} is hidden`};
    c.scrollIntoView({block: 'center', behavior: 'instant'});
    c.focus({preventScroll: true});
    if (document.activeElement !== c) return {Error: `${label} doesn't take the focus`};
    if (value === '' || /^(date|time|datetime-local|month|week|color|range)$/.test(c.type)) {
      put(c, value);
      return c.value === value ? {Kind: 'set'} : {Error: `${label} doesn't take ${value}: it has ${c.value}`};
    }
    if (c.select) c.select();
    return {Kind: 'type'};
  };
  const focusedValue = () => { const a = document.activeElement; return a.value === undefined ? norm(a.innerText) : a.value; };
  const choice = (label, option) => {
    let c;
    if (option) {
      const list = field(label, (x) => x.localName === 'select');
      if (list) {
        const o = best([...list.options].filter((x) => !x.disabled), (x) => norm(x.textContent), option);
        if (!o) return {error: `the list ${label} has no ${option}, but ${[...list.options].map((x) => norm(x.textContent)).join(' | ')}`};
        list.focus();
        put(list, o.value);
        return list.selectedOptions[0] === o ? {done: true} : {error: `${label} doesn't take ${option}`};
      }
      c = field(label + ' > ' + option, ticks);
    } else {
      c = field(label, ticks);
    }
    if (!c) return {error: `no choice ${label} ${option}; there are ${controls(document).filter(([x]) => ticks(x)).map(([, n]) => n).join(' | ')}`};
    if (off(c)) return {error: `${label} ${option} is disabled`};
    if (c.checked) return {done: true};
    window.__chosen = c;
    const own = visible(c) ? point(c) : {error: 'hidden'};
    return own.error && c.labels && c.labels[0] ? point(c.labels[0]) : own;
  };
  const chosen = () => !window.__chosen || !window.__chosen.isConnected || window.__chosen.checked;
  const fileField = (label) => field(label, (x) => x.type === 'file');
  const nameOf = (e) => (controls(document).find(([c]) => c === e) || [])[1] || words(e) || norm(e.title) || e.localName;
  const focused = (wanted) => {
    const a = document.activeElement;
    if (!a || a === document.body) return {name: '(the page)', match: false};
    const group = ticks(a) && a.closest('fieldset') ? groupName(a.closest('fieldset')) + ' > ' : '';
    const name = group + nameOf(a), want = norm(wanted).toLowerCase();
    const rings = [a, a.parentElement, a.nextElementSibling, ...(a.labels || [])].filter(Boolean);
    const ring = rings.some((e) => { const s = getComputedStyle(e); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'; });
    const shown = visible(a) ? a : (a.labels && a.labels[0]) || a, r = shown.getClientRects()[0] || shown.getBoundingClientRect();
    return {name, ring, seen: top(shown, r.left + r.width / 2, r.top + r.height / 2) === '', match: name.toLowerCase().includes(want) || words(a).toLowerCase() === want};
  };
  const text = () => norm(document.body ? document.body.innerText : '');
  const has = (wanted) => text().toLowerCase().includes(norm(wanted).toLowerCase());
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 0))));

  // overflow names what is wider than the window, innermost first; what scrolls or is cut off in a box of its own is no matter of the page.
  const overflow = (width) => {
    if (document.scrollingElement.scrollWidth <= width) return [];
    const boxed = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== 'visible') return true; return false; };
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 0.5 && visible(e) && !boxed(e));
    const inner = wide.filter((e) => !wide.some((o) => o !== e && e.contains(o)));
    return [`${document.scrollingElement.scrollWidth} px wide`, ...inner.slice(0, 8).map((e) => `${describe(e)} ends at ${Math.round(e.getBoundingClientRect().right)}`)];
  };
  // clipped names boxes that cut their own words off.
  const clipped = () => [...document.body.querySelectorAll('*')].filter((e) => {
    if (!visible(e) || !/hidden|clip/.test(getComputedStyle(e).overflowX) || e.clientWidth < 3) return false;
    return e.scrollWidth > e.clientWidth + 1 && norm(e.innerText) !== '' && [...e.childNodes].some((n) => n.nodeType === 3 && norm(n.data));
  }).slice(0, 8).map((e) => `${describe(e)} shows ${e.clientWidth} of ${e.scrollWidth} px`);

  // covered names controls under something else, in a window as tall as the page: what is covered there can't be scrolled free.
  const covered = () => [...document.querySelectorAll('a[href],button,summary,input:not([type=hidden]),select,textarea')].map((e) => {
    const r = [...e.getClientRects()].find((x) => x.width > 1 && x.height > 1);
    if (!r || !visible(e)) return '';
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (/auto|scroll/.test(getComputedStyle(p).overflow)) return '';
    const why = top(e, r.left + r.width / 2, r.top + r.height / 2);
    return why.startsWith('covered') ? `${describe(e)} is ${why}` : '';
  }).filter(Boolean).slice(0, 8);

  // broken names words that go on in the next line without a hyphen. This browser hyphenates nothing by itself, nor does a cheap phone in Kazakh.
  const broken = () => {
    const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let n = walk.nextNode(); n && out.length < 8; n = walk.nextNode()) {
      const p = n.parentElement;
      if (!norm(n.data) || p.closest('script,style,template,noscript,textarea,select,code,[translate=no]') || !visible(p)) continue;
      range.selectNodeContents(n);
      if (range.getClientRects().length < 2) continue;
      for (const m of n.data.matchAll(/[\p{L}\u00ad]{2,}/gu)) {
        if (m[0].includes('\u00ad')) continue; // it says itself where it may be divided
        range.setStart(n, m.index);
        range.setEnd(n, m.index + m[0].length);
        const tops = new Set([...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top)));
        if (tops.size > 1) out.push(`${m[0]} in ${describe(p)}`);
      }
    }
    return out;
  };

  // said gives every text that a person meets, with the element it belongs to: text that is shown, and the attributes that are read out or shown.
  const said = () => {
    const out = [[document.title, document.documentElement, 'title']];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const p = n.parentElement;
      if (!norm(n.data) || p.closest('script,style,template,noscript,textarea')) continue;
      out.push([n.data, p, 'text']);
    }
    for (const e of document.body.querySelectorAll('[alt],[title],[aria-label],[placeholder],[aria-description],[aria-valuetext]'))
      for (const a of ['alt', 'title', 'aria-label', 'placeholder', 'aria-description', 'aria-valuetext']) if (norm(e.getAttribute(a))) out.push([e.getAttribute(a), e, a]);
    return out;
  };
  // What stands in Latin letters in every language: addresses, references of places and agreements, the name of the site, names of formats, Roman numerals.
  const international = [/[^\s@<>()]+@[^\s@<>()]+\.[a-z]{2,}/gi, /https?:\/\/\S+/gi, /\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(kz|kk|ru|com|org)\b\S*/gi, /\bOR-[A-Z0-9]+\b/g,
    /\b(Orynda|PDF|XLSX|CSV|QR|SMS)\b/g, /\b[IVX]+\b/g];
  const latin = () => said().filter(([, e]) => !e.closest('[translate=no],code,[lang=en]')).map(([t, e, kind]) => {
    let left = norm(t);
    for (const rule of international) left = left.replace(rule, ' ');
    const m = left.match(/[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]+(?:[\s-]+[A-Za-z]+)*/);
    return m ? `${kind} "${short(t)}" (${m[0]}) in ${describe(e)}` : '';
  }).filter(Boolean).slice(0, 12);
  // unsaid finds keys of the catalogues that came out instead of their sentences, and what templates leave when a value is missing.
  const unsaid = () => said().map(([t, e, kind]) => {
    const m = t.match(/(?:^|[^\w@/.])((?:site|error|field|state|rule|mail|facet)\.[a-z_]+[a-z_.]*)|(\{\{|%!\w|<no value>|\bundefined\b|\bNaN\b|\[object )/);
    return m ? `${m[1] || m[2]} in ${kind} of ${describe(e)}` : '';
  }).filter(Boolean).slice(0, 12);
  const shape = () => ({
    lang: document.documentElement.lang, title: norm(document.title), h1: document.querySelectorAll('h1').length, doctype: document.compatMode === 'CSS1Compat',
  });
  // shifts adds up what moved, as the browser's own measure does, and names it.
  const shifts = (least) => {
    const all = window.__shifts || [];
    if (all.reduce((sum, s) => sum + s.value, 0) < least) return [];
    return all.map((s) => `${s.value.toFixed(4)}: ${(s.sources || []).map((x) => describe(x.node)).join(', ')}`);
  };
  const address = () => location.pathname + location.search + location.hash;
  return {address, frame, text, has, clickable, focusField, focusedValue, choice, chosen, fileField, focused, overflow, clipped, covered, broken, latin, unsaid, shape, shifts};
})()
