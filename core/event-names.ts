// What the product's events are called.

export const eventSource = 'service-proxy';
export const requestDetailType = 'ServiceProxyRequested';
