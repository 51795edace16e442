import { type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { drawing, shapes } from './icons';

const person = svg`<circle cx="8" cy="5.2" r="2.7"/><path d="M3 13.5a5 5 0 0 1 10 0"/>`;
const people = svg`<circle cx="6" cy="5.5" r="2.2"/><path d="M2 13a4 4 0 0 1 8 0M10 3.6a2.2 2.2 0 0 1 0 4M11.5 9.3A4 4 0 0 1 14 13"/>`;
const bubble = svg`<path d="M2.5 3h11v8H8l-3.5 2.8V11h-2z"/>`;
const bubbles = svg`<path d="M2 2.5h8.5v6H6L3.5 10.5v-2H2zM12.5 5.5H14v6h-1.5v2L10 11.5H7"/>`;
const box = svg`<path d="M8 2.3 13.5 5v6L8 13.7 2.5 11V5zM2.5 5 8 7.8 13.5 5M8 7.8v5.9"/>`;
const folder = svg`<path d="M2 4h4l1.5 1.5H14V13H2z"/>`;
const waves = svg`<circle cx="8" cy="8" r="1.2" fill="currentColor"/><path d="M5.2 10.8a4 4 0 0 1 0-5.6M10.8 5.2a4 4 0 0 1 0 5.6M3.2 12.8a6.8 6.8 0 0 1 0-9.6M12.8 3.2a6.8 6.8 0 0 1 0 9.6"/>`;
const server = svg`<rect x="2.5" y="3" width="11" height="4.2" rx=".8"/><rect x="2.5" y="8.8" width="11" height="4.2" rx=".8"/><path d="M5 5.1h.01M5 10.9h.01" stroke-width="1.8"/>`;
const lightning = svg`<path d="M9 1.8 4 9h3.5L7 14.2 12 7H8.5z"/>`;
const page = svg`<path d="M4 2h5.5L12 4.5V14H4zM9.5 2v2.5H12"/>`;
const graph = svg`<path d="M2.5 2.5v11h11M5 11V8.5M8 11V5.5M11 11V7"/>`;
const hierarchy = svg`<rect x="6" y="2" width="4" height="3.2"/><rect x="2" y="10.8" width="4" height="3.2"/><rect x="10" y="10.8" width="4" height="3.2"/><path d="M8 5.2V8M4 10.8V8h8v2.8"/>`;
const back = svg`<path d="M6 4 2.5 7.5 6 11M2.5 7.5H10a3.5 3.5 0 0 1 0 7H8"/>`;
const tree = svg`<path d="M2.5 3.5h4M4.5 3.5v8.2h3.2M4.5 7.6h3.2M9.5 7.6h4M9.5 11.7h4"/>`;
const down = svg`<path d="M8 2.5v10M4 8.5l4 4 4-4"/>`;

/**
 * Names of the editor's icon set, drawn here: a page may load no font of the editor's. Descriptions name icons by
 * these; a name that is missing is drawn as a small circle.
 */
const drawn: Readonly<Record<string, SVGTemplateResult>> = {
	...{ folder, 'folder-opened': folder, 'folder-active': folder, 'root-folder': folder, 'symbol-folder': folder },
	...{ person, account: person, organization: people, comment: bubble, 'comment-discussion': bubbles },
	...{
		package: box,
		'symbol-field': box,
		'symbol-method': box,
		'symbol-object': box,
		'symbol-module': box,
		archive: box,
	},
	...{
		broadcast: waves,
		'radio-tower': waves,
		server,
		'server-process': server,
		'server-environment': server,
		vm: server,
	},
	...{ zap: lightning, 'symbol-event': lightning, file: page, note: page, 'symbol-file': page, output: page },
	...{ graph, 'graph-line': graph, 'type-hierarchy': hierarchy, 'type-hierarchy-sub': hierarchy, 'list-tree': tree },
	...{
		reply: back,
		discard: back,
		'debug-reverse-continue': back,
		'arrow-down': down,
		'cloud-download': down,
		'desktop-download': down,
	},
	...{
		edit: shapes.edit,
		copy: shapes.copy,
		close: shapes.close,
		add: shapes.add,
		filter: shapes.filter,
		plug: shapes.plug,
	},
	...{ history: shapes.history, play: shapes.play, lock: shapes.lock, unlock: shapes.unlock, warning: shapes.warning },
	...{
		check: shapes.check,
		save: shapes.save,
		'debug-pause': shapes.pause,
		'debug-start': shapes.play,
		'clear-all': shapes.clear,
	},
	...{
		refresh: shapes.again,
		sync: shapes.again,
		'debug-restart': shapes.again,
		'link-external': shapes.open,
		error: shapes.bad,
	},
	...{ info: shapes.note, ellipsis: shapes.more, 'arrow-up': shapes.out, watch: shapes.wait, bookmark: shapes.kept },
	eye: svg`<path d="M1.6 8S4 4 8 4s6.4 4 6.4 4S12 12 8 12 1.6 8 1.6 8z"/><circle cx="8" cy="8" r="1.9"/>`,
	pulse: svg`<path d="M1.5 8.5h3l1.8-5 3 9 2-4h3.2"/>`,
	trash: svg`<path d="M3 4.5h10M6 4.5V2.8h4v1.7M4.4 4.5 5 13.5h6l.6-9M7 7v4M9 7v4"/>`,
	inbox: svg`<path d="M2.5 9 4.5 3.5h7l2 5.5v4h-11zM2.5 9H6l.8 1.6h2.4L10 9h3.5"/>`,
	mail: svg`<rect x="2" y="3.5" width="12" height="9" rx=".8"/><path d="m2.5 4.5 5.5 4 5.5-4"/>`,
	send: svg`<path d="m2.5 2.5 11.5 5.5-11.5 5.5L4.5 8zM4.5 8H9"/>`,
	database: svg`<ellipse cx="8" cy="3.8" rx="5" ry="1.8"/><path d="M3 3.8v8.4c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V3.8M3 8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8"/>`,
	search: svg`<circle cx="6.8" cy="6.8" r="4.2"/><path d="m10 10 4 4"/>`,
	flame: svg`<path d="M8 1.8c.6 2.6 4.2 4.4 4.2 8A4.2 4.2 0 0 1 8 14.2a4.2 4.2 0 0 1-4.2-4.4c0-1.6.8-2.7 1.6-3.6.2 1.2.8 1.8 1.4 2C6.6 6 7 3.5 8 1.8z"/>`,
	'arrow-right': svg`<path d="M2.5 8h10M8.5 4l4 4-4 4"/>`,
	'arrow-left': svg`<path d="M13.5 8h-10M7.5 4l-4 4 4 4"/>`,
	'arrow-swap': svg`<path d="M2.5 5.5h10M9.5 2.5l3 3-3 3M13.5 10.5h-10M6.5 7.5l-3 3 3 3"/>`,
	'arrow-both': svg`<path d="M2 8h12M5 5 2 8l3 3M11 5l3 3-3 3"/>`,
	'git-merge': svg`<circle cx="4.5" cy="3.5" r="1.5"/><circle cx="4.5" cy="12.5" r="1.5"/><circle cx="11.5" cy="8.5" r="1.5"/><path d="M4.5 5v6M4.5 5c0 2.5 2.5 3.5 5.5 3.5"/>`,
	'git-compare': shapes.compare,
	link: svg`<path d="m6.3 9.7 3.4-3.4M7 5l1.6-1.6a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.6 1.6a2.8 2.8 0 0 1-4-4L5 7"/>`,
	key: svg`<circle cx="5" cy="8" r="2.7"/><path d="M7.7 8H14M12 8v2.5M10 8v2"/>`,
	globe: svg`<circle cx="8" cy="8" r="5.7"/><path d="M2.3 8h11.4M8 2.3c2 1.6 2.6 3.5 2.6 5.7S10 12.1 8 13.7C6 12.1 5.4 10.2 5.4 8S6 3.9 8 2.3z"/>`,
	gear: svg`<circle cx="8" cy="8" r="2.2"/><path d="M8 2v2.2M8 11.8V14M2 8h2.2M11.8 8H14M3.8 3.8l1.5 1.5M10.7 10.7l1.5 1.5M12.2 3.8l-1.5 1.5M5.3 10.7l-1.5 1.5"/>`,
	bell: svg`<path d="M3.5 11.5c1-1 1-2 1-4a3.5 3.5 0 0 1 7 0c0 2 0 3 1 4zM7 13.5h2"/>`,
	rss: svg`<circle cx="4" cy="12" r="1.2" fill="currentColor"/><path d="M3 7.5A5.5 5.5 0 0 1 8.5 13M3 3.5A9.5 9.5 0 0 1 12.5 13"/>`,
	pin: svg`<path d="M6 2.5h4l-.5 4 2 2.5h-7l2-2.5zM8 9v5"/>`,
	tag: svg`<path d="M2.5 2.5H8l5.5 5.5L8 13.5 2.5 8zM5.3 5.3h.01" stroke-width="1.5"/>`,
	code: svg`<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5"/>`,
	book: svg`<path d="M8 4C6.5 3 4.5 3 2.5 3v9.5c2 0 4 0 5.5 1 1.5-1 3.5-1 5.5-1V3c-2 0-4 0-5.5 1zM8 4v9.5"/>`,
	home: svg`<path d="M2.5 8 8 3l5.5 5M4 7v6.5h8V7"/>`,
	layers: svg`<path d="M8 2.5 14 5.5 8 8.5 2 5.5zM2 8.5l6 3 6-3M2 11l6 3 6-3"/>`,
	'debug-stop': svg`<rect x="4" y="4" width="8" height="8"/>`,
	'debug-disconnect': svg`<path d="M6 2.5v3M10 2.5v3M4 5.5h8V8a4 4 0 0 1-8 0zM8 12v2M2.5 13.5l11-11"/>`,
	'sign-in': svg`<path d="M8 2.5h5.5v11H8M2 8h7.5M6.5 5l3 3-3 3"/>`,
	'sign-out': svg`<path d="M8 2.5H2.5v11H8M6 8h7.5M10.5 5l3 3-3 3"/>`,
	'device-desktop': svg`<rect x="2" y="3" width="12" height="8" rx=".8"/><path d="M8 11v2.5M5 13.5h6"/>`,
	'list-unordered': svg`<path d="M6 4h8M6 8h8M6 12h8M2.8 4h.01M2.8 8h.01M2.8 12h.01" stroke-linecap="round"/>`,
	'symbol-constant': svg`<rect x="2.5" y="4" width="11" height="8" rx=".8"/><path d="M5.5 7h5M5.5 9.5h5"/>`,
	'file-code': svg`<path d="M4 2h5.5L12 4.5V14H4zM9.5 2v2.5H12M7 7.5 5.8 9 7 10.5M9 7.5 10.2 9 9 10.5"/>`,
	'circle-outline': shapes.ring,
	'circle-filled': shapes.dot,
	'circle-small': svg`<circle cx="8" cy="8" r="2"/>`,
	beaker: svg`<path d="M6 2.5h4M6.5 2.5V7L3 13.5h10L9.5 7V2.5M4.5 11h7"/>`,
};

export const isDrawn = (name: string): boolean => Object.hasOwn(drawn, name);

/** An icon of a description; with a title it speaks for itself. */
export function codicon(name: string, title?: string): TemplateResult {
	return drawing((isDrawn(name) ? drawn[name] : undefined) ?? shapes.ring, title);
}
