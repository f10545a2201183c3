namespace MetaLlm.Gateway.Batches;

/// <summary>Something that keeps a batch from running.</summary>
/// <param name="Code">Which kind, for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Line">Line of the file, from 1; null for the batch as a whole.</param>
internal sealed record BatchProblem(string Code, string Message, int? Line = null);
