// The libraries that the bench compares with are installed only when it runs. Each adapter says what it uses.
declare module "redlock";
declare module "@sesamecare-oss/redlock";
declare module "redis-semaphore";
declare module "redlock-universal";
