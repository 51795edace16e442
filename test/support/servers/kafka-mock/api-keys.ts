/** https://kafka.apache.org/protocol.html#protocol_api_keys */
export const apiKeys = { Produce: 0, Fetch: 1, ListOffsets: 2, Metadata: 3, ApiVersions: 18 } as const;
