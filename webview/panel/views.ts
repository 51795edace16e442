import type { Values } from '../../src/model/profile/field';
import type { Action } from '../../src/protocols/description';

/** An action together with its object. Without a node or messages it acts on the connection. */
export interface ActOn {
	action: Action;
	node?: { id: string; name: string };
	messages?: number[];
	/** Filled in when the form opens. */
	values?: Values;
	/** Runs in place of the action, for what is no action of the protocol and has a form like one. */
	run?: (values: Values) => Promise<unknown>;
}

/** Width of the panel: one part at a time, two columns or three. */
export type PanelWidth = 'narrow' | 'medium' | 'wide';

/** The parts of the panel that the store acts on; each is undefined while it is not drawn. */
export interface PanelViews {
	readonly log: {
		showSeq(seq: number): Promise<void>;
		step(by: -1 | 1): void;
		focus(): void;
		say(text: string): boolean;
	} | null;
	readonly tree: { reveal(path: string): Promise<void>; selectNode(path: string[]): Promise<void> } | null;
	readonly actions: { start(on: ActOn): Promise<void> } | null;
	readonly compose: { focusTarget(payload?: boolean): void; readonly updateComplete: Promise<boolean> } | null;
	readonly updateComplete: Promise<boolean>;
	requestUpdate(): void;
}
