// The parts of libraries without types that are used here.
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: Readonly<Record<string, unknown>>): Server;
}
declare module 'dynalite/db/index.js' {
  const database: import('./library.ts').Database;
  export default database;
}
declare module 'kinesalite' {
  import type { Server } from 'node:http';
  export default function kinesalite(options: Readonly<Record<string, unknown>>): Server;
}
declare module 'kinesalite/db/index.js' {
  const database: import('./library.ts').Database;
  export default database;
}
