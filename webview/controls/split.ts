import { css, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Distance of one press of an arrow key. Pixels. */
const keyStep = 16;

/** The sash between two panes: dragged by the pointer, or moved by the arrow keys. */
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
	/** Called with a distance in pixels, to the right or down. */
	@property({ attribute: false }) onMove: (by: number) => void = () => {};

	override connectedCallback() {
		super.connectedCallback();
		this.tabIndex = 0;
		this.setAttribute('role', 'separator');
		this.addEventListener('pointerdown', this.onDown);
		this.addEventListener('keydown', this.onKey);
	}

	private readonly onDown = (down: PointerEvent) => {
		down.preventDefault();
		this.setPointerCapture(down.pointerId);
		this.toggleAttribute('dragging', true);
		let [x, y] = [down.clientX, down.clientY];
		const move = (event: PointerEvent) => {
			this.onMove(this.orientation === 'vertical' ? event.clientX - x : event.clientY - y);
			[x, y] = [event.clientX, event.clientY];
		};
		const up = () => {
			this.removeEventListener('pointermove', move);
			this.toggleAttribute('dragging', false);
		};
		this.addEventListener('pointermove', move);
		this.addEventListener('lostpointercapture', up, { once: true });
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const keys: Record<string, number> =
			this.orientation === 'vertical'
				? { ArrowLeft: -keyStep, ArrowRight: keyStep }
				: { ArrowUp: -keyStep, ArrowDown: keyStep };
		const by = keys[event.key];
		if (by === undefined) return;
		event.preventDefault();
		this.onMove(by);
	};
}
