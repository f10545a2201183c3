// A cluster keeps every core busy, and membership is a matter of time: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
