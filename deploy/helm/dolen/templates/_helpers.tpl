{{- define "dolen.labels" -}}
app.kubernetes.io/name: dolen
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "dolen.selector" -}}
app.kubernetes.io/name: dolen
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* One pod, for the web process and the worker alike. Call it with a dict: root, role. */}}
{{- define "dolen.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "dolen.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  automountServiceAccountToken: false
  # Kubernetes would add variables such as DOLEN_PORT, and an unknown DOLEN_ setting stops the service.
  enableServiceLinks: false
  # Longer than the 30 seconds that requests under way are given.
  terminationGracePeriodSeconds: 45
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: dolen
      image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [{{ .role | quote }}]
      env:
        {{- range $name, $value := $root.Values.env }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
        - name: DOLEN_DATABASE_URL
          value: {{ $root.Values.databaseUrl | quote }}
        - name: DOLEN_DATABASE_PASSWORD_FILE
          value: /run/keys/database-password
        - name: DOLEN_KEYS_MASTER_FILE
          value: /run/keys/master
        - name: DOLEN_KEYS_SIGNING_FILE
          value: /run/keys/signing
        - name: DOLEN_WORKER_EMBEDDED
          value: "false"
      {{- if eq .role "serve" }}
      ports:
        - {name: http, containerPort: 8080}
        - {name: metrics, containerPort: 9464}
      # The first start brings the database up to date, one pod at a time.
      startupProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 10
        timeoutSeconds: 3
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
      {{- end }}
      resources:
        {{- toYaml $root.Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: keys, mountPath: /run/keys, readOnly: true}
        - {name: tmp, mountPath: /tmp}
  volumes:
    - name: keys
      secret:
        secretName: {{ required "existingSecret is needed: a secret with master, signing and database-password" $root.Values.existingSecret }}
        defaultMode: 0440
    - name: tmp
      emptyDir: {}
{{- end }}
