namespace MetaLlm.Gateway.Management;

/// <summary>Writes a tenant's report: what its router has learned and what it cost.</summary>
internal interface IReportWriter
{
    /// <summary>Names of the tables that are to be had as CSV.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>Writes it as one HTML file, which needs no server and no internet.</summary>
    Task<string> WriteHtmlAsync(ReportRequest request, CancellationToken cancellationToken);

    /// <summary>Writes one of its tables.</summary>
    /// <param name="request">The report.</param>
    /// <param name="table">One of <see cref="Tables"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<string> WriteCsvAsync(ReportRequest request, string table, CancellationToken cancellationToken);
}
