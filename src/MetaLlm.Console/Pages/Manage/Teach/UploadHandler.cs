using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>Takes a file to teach from. Nothing is learned before somebody has seen what was understood of it.</summary>
[ConsoleRoute("manage/teach/upload", AdminRole.Operate, Method = "POST", Tenant = true, TakesFile = true)]
internal sealed class UploadHandler(StagedUploads uploads, FormReader forms, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var most = forms.MostFileBytes;
        if (form.Files["file"] is not { Length: > 0 } file || file.Length > most)
        {
            var length = form.Files["file"]?.Length ?? 0;
            return ConsoleAnswers.Page<TeachPage>(StatusCodes.Status400BadRequest, (nameof(TeachPage.Problem), $"'file' has {length} bytes; 1 to {most} are legal."));
        }

        var content = new byte[file.Length];
        var stream = file.OpenReadStream();
        await using var streamEnd = stream.ConfigureAwait(false);
        await stream.ReadExactlyAsync(content, context.RequestAborted).ConfigureAwait(false);
        var id = uploads.Add(context.Admin().Actor, view.Tenant, Path.GetFileName(file.FileName), content);
        return Results.LocalRedirect(view.Url("manage/teach", ("upload", id)));
    }
}
