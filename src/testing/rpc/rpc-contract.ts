/** Requests that one side sends, by name: a pair of the parameters and the result. */
export type Requests = Record<string, [params: unknown, result: unknown]>;

/** Notifications that one side sends, by name: the parameters. A notification has no response. */
export type Notifications = Record<string, unknown>;

/** All messages of one connection, as seen from the side that opens it. */
export interface RpcContract {
  /** Requests that this side sends. */
  requests: Requests;
  /** Notifications that this side sends. */
  notifications: Notifications;
  /** Requests that the other side sends. */
  peerRequests: Requests;
  /** Notifications that the other side sends. */
  peerNotifications: Notifications;
}

/** The same contract, as seen from the other side. */
export interface PeerOf<C extends RpcContract> {
  requests: C['peerRequests'];
  notifications: C['peerNotifications'];
  peerRequests: C['requests'];
  peerNotifications: C['notifications'];
}

/** A handler for each message of the other side. */
export interface RpcHandlers<C extends RpcContract> {
  requests: {
    [K in keyof C['peerRequests']]: (params: C['peerRequests'][K][0]) => Promise<C['peerRequests'][K][1]>;
  };
  notifications: { [K in keyof C['peerNotifications']]: (params: C['peerNotifications'][K]) => void };
  /** Called once, after the connection has closed. */
  closed(): void;
}
