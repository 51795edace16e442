/**
 * Packet identifiers for mqtt.js. Identifiers of unfinished QoS 2 messages stay in use across links: in a resumed session
 * the broker would take a new message with such an identifier for a repetition and drop it silently.
 */
export class PacketIds {
	private last = 0;
	private readonly used = new Set<number>();

	constructor(private readonly unfinished: Set<number>) {}

	/** Returns null when all 65,535 are in use. */
	allocate(): number | null {
		for (let tried = 0; tried < 65_535; tried++) {
			this.last = (this.last % 65_535) + 1;
			if (this.used.has(this.last) || this.unfinished.has(this.last)) continue;
			this.used.add(this.last);
			return this.last;
		}
		return null;
	}

	getLastAllocated(): number | null {
		return this.last || null;
	}

	register(id: number): boolean {
		if (this.used.has(id)) return false;
		this.used.add(id);
		return true;
	}

	deallocate(id: number): void {
		this.used.delete(id);
	}

	clear(): void {
		this.used.clear();
	}
}
