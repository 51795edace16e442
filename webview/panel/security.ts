import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Property, Security } from '../../src/model/session';
import { icon } from '../icons';
import { popUp, popupStyles } from '../popup';
import { controls, shared } from '../styles';
import { visible } from '../words';

const day = 86_400_000;

/** The lock: what it stands for unfolds on a click. An unchecked certificate is a warning that does not go away. */
@customElement('mw-security')
export class SecurityBadge extends LitElement {
	static override styles = [
		shared,
		controls,
		popupStyles,
		css`
			:host { display: inline-block; position: relative; }
			.sheet { width: max-content; max-width: min(480px, 80vw); max-height: 60vh; overflow: auto; padding: 8px 12px;
				color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
			}
			dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 12px; margin: 0; }
			dt { color: var(--dim); }
			dd { margin: 0; overflow-wrap: anywhere; }
			.mono { font-size: 0.9em; }
		`,
	];
	@property({ attribute: false }) security!: Security;
	@property({ attribute: false }) facts: Property[] = [];
	@state() private open = false;

	private line(label: string, value: string | undefined, style = '') {
		return value ? html`<dt>${label}</dt><dd class=${style}>${visible(value)}</dd>` : nothing;
	}

	protected override updated() {
		popUp(
			this.renderRoot.querySelector<HTMLElement>('.sheet'),
			this.renderRoot.querySelector('button'),
			this.open,
			'below',
		);
	}

	private sheet() {
		const { version, cipher, chain, authentication, encrypted, verified } = this.security;
		const peer = chain?.[0];
		const days = peer ? Math.floor((peer.validTo - Date.now()) / day) : 0;
		const until =
			peer && `${new Date(peer.validTo).toISOString().slice(0, 10)} (${days < 0 ? 'expired' : `${days} days left`})`;
		return html`<dl>
			${this.line('Encryption', encrypted ? [version, cipher].filter(Boolean).join(', ') || 'yes' : 'none: everyone on the way can read and change everything', encrypted ? '' : 'warn')}
			${encrypted ? this.line('Certificate', verified ? 'checked' : 'not checked: anyone may be at the other end', verified ? '' : 'warn') : nothing}
			${this.line('Issued to', peer?.subject)}${this.line('Issued by', peer?.issuer)}
			${this.line('Valid until', until, days < 14 ? 'warn' : '')}${this.line('Fingerprint', peer?.fingerprint, 'mono')}
			${this.line('Authentication', authentication)}
			${this.facts.map((fact) => this.line(fact.label, fact.value))}
		</dl>`;
	}

	override render() {
		const { encrypted, verified, version } = this.security;
		const [name, style, words] = !encrypted
			? (['unlock', 'dim', 'Not encrypted'] as const)
			: verified
				? (['lock', '', version ?? 'Encrypted'] as const)
				: (['warning', 'warn', 'Certificate not checked'] as const);
		const toggle = () => {
			this.open = !this.open;
		};
		return html`<button class=${`tool ${style}`} aria-expanded=${this.open} title="How this connection is secured" @click=${toggle}
				@keydown=${(event: KeyboardEvent) => {
					if (event.key === 'Escape') this.open = false;
				}} @blur=${() => {
					this.open = false;
				}}>${icon(name)} ${words}</button><div class="sheet" popover="manual">${this.open ? this.sheet() : nothing}</div>`;
	}
}
