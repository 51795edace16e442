import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PeerCertificate } from '../../src/base/failure';
import { shared } from '../base/styles';
import { visible } from '../base/words';
import { icon } from '../controls/icons';

const day = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'unknown');

/** The certificates of a server as a chain, its own first; those that were not accepted are marked. */
@customElement('mw-certificate-chain')
export class CertificateChain extends LitElement {
	static override styles = [
		shared,
		css`
			:host { display: block; }
			ol { margin: 0; padding: 0; list-style: none; }
			li { position: relative; padding: 0 0 8px 24px; overflow-wrap: anywhere; line-height: 1.45; }
			li > .icon, li > .bad:first-child { position: absolute; left: 0; top: 1px; }
			li:not(:last-child)::before { content: ''; position: absolute; left: 7px; top: 20px; bottom: 0; border-left: 1px solid var(--dim); }
			.name { font-weight: 600; }
			.print { font-family: var(--mono); font-size: 0.92em; }
		`,
	];
	@property({ attribute: false }) certificates: readonly PeerCertificate[] = [];

	private one({ subject, issuer, validFrom, validTo, fingerprint, problem }: PeerCertificate, at: number) {
		// Broken between two bytes.
		const print = () =>
			html`<div class="print">SHA-256 ${fingerprint.split(/(?<=:)/).map((byte) => html`${byte}<wbr>`)}</div>`;
		const mark = problem ? html`<span class="bad">${icon('error', 'not accepted')}</span>` : icon('circle-outline');
		const from = validFrom === undefined ? '' : `${day(validFrom)} `;
		return html`<li>${mark}<span class="name">${visible(subject)}</span>
			${problem ? html`<span class="bad"> ${visible(problem)}</span>` : nothing}
			<div class="dim">Issued by ${visible(issuer)}, valid ${from}to ${day(validTo)}</div>
			${at === 0 ? print() : nothing}</li>`;
	}

	override render() {
		return html`<ol aria-label="Certificate chain">${this.certificates.map((one, at) => this.one(one, at))}</ol>`;
	}
}
