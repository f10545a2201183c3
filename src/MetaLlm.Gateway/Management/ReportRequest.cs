namespace MetaLlm.Gateway.Management;

/// <summary>What a report is about.</summary>
/// <param name="Tenant">The tenant, which exists.</param>
/// <param name="From">The earliest time.</param>
/// <param name="To">The time before which, later than <paramref name="From"/>.</param>
/// <param name="Language"><c>en</c> or <c>de</c>.</param>
internal sealed record ReportRequest(string Tenant, DateTimeOffset From, DateTimeOffset To, string Language);
