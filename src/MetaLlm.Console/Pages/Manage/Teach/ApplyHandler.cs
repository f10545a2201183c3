using System.Globalization;
using MetaLlm.Engine.Journal;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>Reads a file with other columns, or teaches the tenant what was understood of it.</summary>
[ConsoleRoute("manage/teach/apply", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class ApplyHandler(Teaching teaching, StagedUploads uploads, SettingsStore settings, ConsoleView view) : IConsoleHandler
{
    private const string OfQuiz = "quiz:";

    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var (id, work) = (form["upload"].ToString(), form["do"].ToString());
        var mapping = new ColumnMapping([.. form["column"].Select(role => role ?? "")]);
        if (work == "read" || uploads.Find(context.Admin().Actor, view.Tenant, id) is not { } found)
        {
            return Page(StatusCodes.Status200OK, id, mapping, null);
        }

        try
        {
            var tenant = await teaching.FindAsync(view.Tenant, context.RequestAborted).ConfigureAwait(false);
            var (arms, rows) = (tenant.Configuration.Arms, settings.Current.Limits.WarmStartRows);
            var table = UploadTable.Read(found.Content, rows);
            var legal = ColumnMapping.AllRoles(arms.Select(arm => arm.Id)).ToHashSet();
            var used = mapping.Roles.Where(role => role.Length > 0).ToList();
            if (mapping.Roles.Count != table.Columns.Count || used.Exists(role => !legal.Contains(role)) || used.Distinct().Count() != used.Count)
            {
                throw ApiException.BadField("column", "must give each column of the file another meaning, or none.");
            }

            var reading = new UploadReading(table, mapping, arms, rows);
            var receipt = await TeachAsync(tenant, reading, work, context.RequestAborted).ConfigureAwait(false);
            return Results.LocalRedirect(view.Url(
                "manage/teach",
                ("upload", id),
                ("taught", work),
                ("rows", receipt.Rows.ToString(CultureInfo.InvariantCulture)),
                ("duplicate", receipt.Duplicate ? "true" : "false")));
        }
        catch (ApiException e)
        {
            return Page(e.Error.Status, id, mapping, e.Error.Message);
        }
    }

    private Task<WarmStartReceipt> TeachAsync(TenantSettings tenant, UploadReading reading, string work, CancellationToken cancellationToken)
    {
        if (!work.StartsWith(OfQuiz, StringComparison.Ordinal))
        {
            return teaching.WarmStartAsync(tenant, reading.WarmStartBody(), cancellationToken);
        }

        var arm = work[OfQuiz.Length..];
        Teaching.Require(tenant, arm);
        return teaching.QuizAsync(tenant, arm, reading.QuizBody(arm), cancellationToken);
    }

    private static IResult Page(int status, string id, ColumnMapping mapping, string? problem) =>
        ConsoleAnswers.Page<TeachPage>(status, (nameof(TeachPage.Upload), id), (nameof(TeachPage.Mapping), mapping), (nameof(TeachPage.Problem), problem));
}
