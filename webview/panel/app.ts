import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../src/base/failure';
import { connect, type Remote } from '../../src/base/rpc';
import type { Detail } from '../../src/model/contracts/message';
import {
	type PanelApi,
	type PanelEvents,
	type PanelProfile,
	panelEventChecks,
} from '../../src/model/contracts/panel-api';
import { recognizedFormat, writePayload } from '../../src/model/contracts/payload';
import type { Status } from '../../src/model/contracts/session';
import type { TreeRow } from '../../src/model/contracts/topic';
import type { Subscription } from '../../src/model/profile/profile';
import { describe } from '../../src/protocols/descriptions';
import { port, rememberPage } from '../base/port';
import { shared } from '../base/styles';
import { appStyles } from './app-styles';
import type { Compose } from './compose/compose';
import type { Actions } from './header/actions';
import { drawLayout } from './layout';
import type { Log } from './log/log';
import { Keeper } from './persist-state';
import { limits, type Place, restore, type Saved, startState, type Tab } from './saved';
import type { Session } from './session';
import type { ActOn, ComposeTo } from './tree/node-menu';
import type { Tree } from './tree/tree';
import '../base/failure-note';
import './header/actions';
import './compose/compose';
import './detail/detail';
import './header/header';
import './log/log';
import '../controls/split';
import './tree/tree';

/** Payloads above this are sent again as bytes, not through an editor. Bytes. */
const mostEditable = 200_000;

/** The workbench of one connection: holds what its parts share, and carries their wishes to the host. */
@customElement('mw-panel')
export class Panel extends LitElement {
	static override styles = [shared, appStyles];
	@property({ attribute: false }) kind: 'narrow' | 'medium' | 'wide' = 'wide';
	@state() session: Session | undefined;
	@state() profile!: PanelProfile;
	@state() status!: Status;
	@state() saved: Saved = startState();
	@state() selected: number | undefined;
	@state() failure: Failure | undefined;
	@query('mw-log') private log!: Log;
	@query('mw-tree') private tree!: Tree;
	@query('mw-actions') private actions!: Actions;
	@query('mw-compose') private compose!: Compose;
	private remote!: Remote<PanelApi>;
	private readonly keeper = new Keeper(() => {
		this.remote.save(this.saved).catch((error) => this.show(error));
	});

	override connectedCallback() {
		super.connectedCallback();
		new ResizeObserver(() => {
			const width = this.clientWidth;
			this.kind = width < 600 ? 'narrow' : width < 1100 ? 'medium' : 'wide';
		}).observe(this);
		this.listen();
		const events: PanelEvents = {
			changed: (status) => {
				this.status = status;
			},
			renamed: (profile) => {
				this.profile = profile;
			},
			reveal: (path, compose, fill) => void this.reveal(path, compose, fill),
		};
		// An hour: some requests wait for the user in one of the editor's dialogs.
		this.remote = connect<PanelEvents, PanelApi>(port, events, panelEventChecks, {
			timeoutMs: 3_600_000,
			remedyCommands: true,
		}).remote;
		void this.start();
	}

	private async start() {
		try {
			const { profile, status, saved } = await this.remote.init();
			const description = describe(profile.protocol);
			if (!description) throw new Error(`The protocol "${profile.protocol}" is not known to this version.`);
			rememberPage({ profile: profile.id });
			this.saved = restore(saved);
			this.status = status;
			if (this.saved.selected) void this.restoreSelected(this.saved.selected);
			this.profile = profile;
			this.session = { describe: description, remote: this.remote };
		} catch (error) {
			this.show(error);
		}
	}

	/** A no to one of the editor's questions is no failure. */
	private show(error: unknown) {
		const failure = toFailure(error);
		if (failure.code !== 'cancelled') this.failure = failure;
	}

	/** Runs a wish at the host; a failure is shown where failures are. */
	private wish(promise: Promise<unknown>) {
		promise.catch((error) => this.show(error));
	}

	keep(change: Partial<Saved>) {
		this.saved = { ...this.saved, ...change };
		this.keeper.changed();
	}

	layout(change: Partial<Saved['layout']>) {
		this.keep({ layout: { ...this.saved.layout, ...change } });
	}

	private listen() {
		const on = <T>(name: string, act: (detail: T) => void) =>
			this.addEventListener(name, (event) => act((event as CustomEvent<T>).detail));
		on('mw-failure', (error) => this.show(error));
		on('mw-dismiss', () => {
			this.failure = undefined;
		});
		on('mw-remedy', (failure: Failure) => this.wish(this.remote.remedy(failure)));
		on('mw-connect', () => this.wish(this.remote.connect()));
		on('mw-disconnect', () => this.wish(this.remote.disconnect()));
		on('mw-edit', () => this.wish(this.remote.editProfile()));
		on('mw-clear', () => this.wish(this.remote.clear()));
		on('mw-subscribe', (subscription: { target: string }) => this.wish(this.remote.subscribe(subscription)));
		on('mw-unsubscribe', ({ target, mode }: Pick<Subscription, 'target' | 'mode'>) =>
			this.wish(this.remote.unsubscribe({ target, ...(mode !== undefined && { mode }) })),
		);
		on('mw-act', (what: ActOn) => void this.actions?.start(what));
		on('mw-show', (seq: number) => this.showMessage(seq));
		on('mw-filter', (filter: Saved['filter']) => this.keep({ filter }));
		on('mw-target-filter', (target: Saved['filter']['target']) =>
			this.keep({ filter: { ...this.saved.filter, target } }),
		);
		on('mw-follow', (follow: boolean) => this.keep({ follow }));
		on('mw-tree-state', (tree: Saved['tree']) => this.keep({ tree }));
		on('mw-browse-state', (browsed: string[]) =>
			this.keep({ tree: { ...this.saved.tree, browsed: browsed.slice(0, limits.expanded) } }),
		);
		on('mw-topic', (row: TreeRow) => this.chooseTopic(row));
		on('mw-compose-to', (to: ComposeTo) => this.composeTo(to));
		on('mw-select', (at: { seq: number; time?: number }) => this.select(at));
		on('mw-close-detail', () => this.closeDetail());
		on('mw-anchor', (anchor: Place) => {
			// Changed in place: a scroll need not draw the panel again.
			this.saved.anchor = anchor;
			this.keeper.changed();
		});
		on('mw-open', () => this.kind === 'narrow' && this.layout({ tab: 'detail' }));
		on('mw-step', (by: -1 | 1) => this.log.step(by));
		on('mw-again', (detail: Detail) => this.wish(this.again(detail)));
		on('mw-draft', (draft: Saved['draft']) => this.keepDraft(draft));
		on('mw-sent', (draft: NonNullable<Saved['draft']>) => this.remember(draft));
		on('mw-repeat-ms', (repeatMs: number) => this.keep({ repeatMs }));
		on('mw-decoding-for', ({ target, decoding }: { target: string; decoding: Saved['decodings'][0][1] }) => {
			const others = this.saved.decodings.filter(([one]) => one !== target);
			this.keep({
				decodings: [...others, [target, decoding] satisfies Saved['decodings'][0]].slice(-limits.decodings),
			});
		});
	}

	private select({ seq, time }: { seq: number; time?: number }) {
		this.selected = seq;
		this.saved.selected = time === undefined ? undefined : { seq, time };
		this.keeper.changed();
	}

	private closeDetail() {
		this.selected = undefined;
		this.keep({ selected: undefined });
		this.log.focus();
	}

	/** The message that was in the detail, if this session still knows it. */
	private async restoreSelected({ seq, time }: Place) {
		const detail = await this.remote.detail(seq).catch(() => undefined);
		if (detail?.row.time === time) this.selected ??= seq;
	}

	private chooseTopic(row: TreeRow) {
		this.keep({ filter: { ...this.saved.filter, target: { kind: 'below', value: row.path } } });
		if (row.seq !== undefined) this.selected = row.seq;
		if (this.kind === 'narrow') this.layout({ tab: 'messages' });
	}

	/** An empty target is no filter: only the compose form is meant. */
	private async reveal(path: string, compose: boolean, fill?: Omit<ComposeTo, 'target'>) {
		await this.updateComplete;
		if (path !== '') {
			this.keep({ filter: { ...this.saved.filter, target: { kind: 'below', value: path } } });
			await this.tree?.reveal(path);
		}
		if (compose) this.composeTo({ target: path, ...fill });
	}

	/** Shows a message wherever it is: in the detail, and in the log where the filter lets it through. */
	private showMessage(seq: number) {
		this.select({ seq });
		void this.log?.showSeq(seq);
		if (this.kind === 'narrow') this.layout({ tab: 'detail' });
	}

	private get draft(): NonNullable<Saved['draft']> {
		const [verb] = this.session?.describe.verbs ?? [];
		return this.saved.draft ?? { verb: verb?.id ?? '', target: '', values: {}, text: '' };
	}

	private keepDraft(draft: Saved['draft']) {
		this.keep({ draft });
	}

	private async showCompose() {
		this.layout({ composeOpen: true, ...(this.kind === 'narrow' ? { tab: 'compose' as Tab } : {}) });
		await this.updateComplete;
		await this.compose?.updateComplete;
		this.compose?.focusTarget();
	}

	private composeTo({ target, verb, values }: ComposeTo) {
		const { draft } = this;
		const same = verb === undefined || verb === draft.verb;
		this.keepDraft({
			...draft,
			target,
			verb: verb ?? draft.verb,
			values: { ...(same ? draft.values : {}), ...values },
		});
		void this.showCompose();
	}

	/** Puts a message into the compose form, byte for byte. */
	private async again({ row }: Detail) {
		const bytes = await this.remote.payload(row.seq);
		const verb = this.session?.describe.again;
		const again = verb === undefined ? {} : { verb, values: {} };
		await this.showCompose();
		if (bytes.length <= mostEditable) {
			this.compose.detach();
			const { format, text } = writePayload(bytes);
			// Nothing was chosen: what is written instead is recognized again, unless it would be taken for something else.
			const keep = format === 'hex' || (format === 'text' && recognizedFormat(text) === 'json');
			this.keepDraft({ ...this.draft, ...again, target: row.target, text, format: keep ? format : undefined });
		} else {
			this.keepDraft({ ...this.draft, ...again, target: row.target });
			this.compose.attach(`Payload of message ${row.seq}`, bytes);
		}
	}

	private remember(draft: NonNullable<Saved['draft']>) {
		if (draft.text.length > limits.historyText) return;
		const same = JSON.stringify(draft);
		const others = this.saved.history.filter((one) => JSON.stringify(one) !== same);
		this.keep({ history: [draft, ...others].slice(0, limits.history) });
	}

	override render() {
		const { session } = this;
		const { state: now } = this.status ?? {};
		const lost = now && 'failure' in now ? now.failure : undefined;
		return html`${session ? html`<mw-header .session=${session} .profile=${this.profile} .status=${this.status}></mw-header>` : nothing}
			${lost ? html`<mw-failure-note .failure=${lost}></mw-failure-note>` : nothing}
			${this.failure ? html`<mw-failure-note dismissable .failure=${this.failure}></mw-failure-note>` : nothing}
			${session ? html`<mw-actions .session=${session} .status=${this.status}></mw-actions>` : nothing}
			${session ? drawLayout(this, session) : nothing}`;
	}
}
