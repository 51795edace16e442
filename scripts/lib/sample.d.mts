export interface SamplePorts {
	mqtt: number;
	ws: number;
	coap: number;
}
export const guidedSettings: Record<string, unknown>;
export const samplePorts: SamplePorts;
export function withPorts(text: string, before: SamplePorts, ports: SamplePorts): string;
