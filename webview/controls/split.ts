import { css, LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Distance of one press of an arrow key. Pixels. */
const keyStep = 16;

/** The size of a pane beside a sash, and its limits. Pixels. */
export interface PaneSize {
	value: number;
	min: number;
	max: number;
}

/**
 * The sash between two panes: dragged by the pointer, or moved by the arrow keys, Home and End. Screen readers announce the
 * size of the pane that it sizes.
 */
@customElement('mw-split')
export class Split extends LitElement {
	static override styles = css`
		:host { flex: none; position: relative; z-index: 2; touch-action: none;
			background: var(--vscode-contrastBorder, var(--vscode-panel-border, var(--vscode-widget-border))); }
		:host([aria-orientation='vertical']) { width: 1px; cursor: col-resize; }
		:host([aria-orientation='horizontal']) { height: 1px; cursor: row-resize; }
		:host::after { content: ''; position: absolute; inset: -3px; }
		:host(:is(:hover, :focus-visible, [dragging]))::after { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); inset: -1.5px; }
		:host(:focus) { outline: none; }
	`;
	@property({ reflect: true, attribute: 'aria-orientation' }) orientation: 'vertical' | 'horizontal' = 'vertical';
	@property({ attribute: false }) size: PaneSize = { value: 0, min: 0, max: 0 };
	/** Whether the sized pane is to the right or below, so that it grows when the sash moves to the left or up. */
	@property({ type: Boolean }) trailing = false;
	/** Called with the new size of the pane, within its limits. */
	@property({ attribute: false }) onSize: (size: number) => void = () => {};

	override connectedCallback() {
		super.connectedCallback();
		this.tabIndex = 0;
		this.setAttribute('role', 'separator');
		this.addEventListener('pointerdown', this.onDown);
		this.addEventListener('keydown', this.onKey);
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('size')) return;
		const { value, min, max } = this.size;
		this.setAttribute('aria-valuenow', String(value));
		this.setAttribute('aria-valuemin', String(min));
		this.setAttribute('aria-valuemax', String(max));
		this.setAttribute('aria-valuetext', `${value} pixels`);
	}

	private resize(value: number) {
		const { min, max } = this.size;
		this.onSize(Math.round(Math.min(Math.max(value, min), max)));
	}

	private readonly onDown = (down: PointerEvent) => {
		down.preventDefault();
		this.setPointerCapture(down.pointerId);
		this.toggleAttribute('dragging', true);
		const at = (event: PointerEvent) => (this.orientation === 'vertical' ? event.clientX : event.clientY);
		const start = at(down);
		const { value } = this.size;
		const move = (event: PointerEvent) => this.resize(value + (at(event) - start) * (this.trailing ? -1 : 1));
		const up = () => {
			this.removeEventListener('pointermove', move);
			this.toggleAttribute('dragging', false);
		};
		this.addEventListener('pointermove', move);
		this.addEventListener('lostpointercapture', up, { once: true });
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { value, min, max } = this.size;
		const [back, forth] = this.orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
		const step = this.trailing ? -keyStep : keyStep;
		const to = { [back as string]: value - step, [forth as string]: value + step, Home: min, End: max }[event.key];
		if (to === undefined) return;
		event.preventDefault();
		this.resize(to);
	};
}
