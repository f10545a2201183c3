using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>An event that a transaction appends.</summary>
/// <param name="Head">Its tenant.</param>
/// <param name="Event">The event.</param>
/// <param name="Encoded">Its configuration, warm start or quiz, encoded; null for an event without one.</param>
public readonly record struct EventRow(TenantHead Head, TenantEvent Event, byte[]? Encoded);
