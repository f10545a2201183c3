namespace MetaLlm.Storage.Postgres;

/// <summary>What was moved.</summary>
/// <param name="Decisions">Decisions of the journal, at least 0.</param>
/// <param name="Events">Its events, at least 0.</param>
/// <param name="Feedback">Its pieces of feedback, at least 0.</param>
/// <param name="Fenced">How long nothing could be written of the tenant at the source.</param>
public sealed record TenantMoveReport(long Decisions, long Events, long Feedback, TimeSpan Fenced);
